import type { ErrorReason } from "../provider/ErrorReason.ts"
import { isLoopback, isPublicLiteral } from "./ip.ts"
import type { DownloadRequest } from "./Transport.ts"
import { PrivateAddressError, transportReason } from "./transportError.ts"

/**
 * The reason for refusing a request whose host is a private IP address or this machine; undefined if it is allowed.
 * Names are not resolved.
 */
export const privateHostReason = ({
  url,
  allowPrivate
}: Pick<DownloadRequest, "url" | "allowPrivate">): ErrorReason | undefined => {
  if (allowPrivate || (isPublicLiteral(url.hostname) && !isLoopback(url.hostname))) return undefined
  return transportReason(new PrivateAddressError(url.hostname), url.host)
}
