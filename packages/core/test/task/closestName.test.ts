import { expect, it } from "vitest"
import { closestName } from "@gentask/core/internal"

const providers = ["jimmy", "sora", "jimeng", "aigptimage"]

it.each([
  ["jimmy", "jimmy"],
  ["jimym", "jimmy"],
  ["jmmy", "jimmy"],
  ["jimmmy", "jimmy"],
  ["JIMMY", "jimmy"],
  ["sroa", "sora"],
  ["jimen", "jimeng"],
  ["sora-2", "sora"],
  ["aigptimag", "aigptimage"]
])("suggests for %s the name %s", (name, closest) => {
  expect(closestName(name, providers)).toBe(closest)
})

it.each(["kling", "veo", "x", "", "jimmy-and-many-more"])("suggests nothing for %j", (name) => {
  expect(closestName(name, providers)).toBeUndefined()
})

it("suggests nothing if no name is known", () => {
  expect(closestName("jimmy", [])).toBeUndefined()
})

it("prefers the first of equally similar names", () => {
  expect(closestName("cat", ["car", "bat"])).toBe("car")
})

it("counts swapped characters as one difference", () => {
  expect(closestName("abdc", ["abxx", "abcd"])).toBe("abcd")
})
