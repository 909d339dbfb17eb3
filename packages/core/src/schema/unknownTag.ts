/** The annotations of a union whose members differ by `_tag`. Its default message would list all members. */
export const unknownTag = {
  message: "expected an object with a known _tag. If a later version of gentask wrote it, update gentask"
}
