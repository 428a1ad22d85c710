import { messageOf } from "../../protocol/errors.ts";
import { formatEndpoint } from "../../protocol/transport/address.ts";
import type { Endpoint } from "../../protocol/transport/address.ts";
import type { RoomLink } from "../../servers/messages/room_link.ts";
import { requireNet } from "./host.ts";
import { ExerciseError, UsageError } from "./outcome.ts";

/** The options of a server that can share its room. */
export interface RoomValues {
  nats?: Endpoint | undefined;
  room?: string | undefined;
}

const DEFAULT_ROOM = "lobby";

/**
 * This server's part in a room that it shares with others through a NATS
 * server; undefined without one: the room is its own.
 *
 * @throws {UsageError} A room without a NATS server.
 * @throws {ExerciseError} The NATS server cannot be reached.
 */
export async function openRoom(
  { nats, room }: RoomValues,
): Promise<RoomLink | undefined> {
  if (nats === undefined) {
    if (room === undefined) return undefined;
    throw new UsageError("Option --room needs --nats");
  }
  const { hostname, port } = nats;
  await requireNet(hostname, [port]);
  // Most servers share nothing, and need not wait for it.
  const { NatsBus } = await import("../../servers/messages/nats_bus.ts");
  const { RoomLink } = await import("../../servers/messages/room_link.ts");
  try {
    return new RoomLink(await NatsBus.connect(nats, room ?? DEFAULT_ROOM));
  } catch (error) {
    throw new ExerciseError(
      `No NATS server lets us in at ${formatEndpoint(nats)} ` +
        `(${messageOf(error)}): start one (nats-server --port ${port}), or ` +
        "look at the address",
      { cause: error },
    );
  }
}
