/** All that an exercise or a server needs of connections. */
export {
  LineTooLongError,
  ProtocolError,
  UnexpectedEndError,
} from "../errors.ts";
export * from "./address.ts";
export { Connection, type ConnectionOptions } from "./connection.ts";
export { copy, copyBuffer, writeAll } from "./copy.ts";
export { type Clock, Deadline, TimeoutError } from "./deadline.ts";
export { END_KINDS, endKind, endReason, isReset } from "./end_reason.ts";
export type {
  ClientOptions,
  Connect,
  ConnectOptions,
  Listen,
  Listener,
  ListenOptions,
  Reader,
  Socket,
  Writer,
} from "./socket.ts";
