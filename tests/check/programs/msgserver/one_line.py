# Reads a line from each client.
import asyncio, itertools, re, sys

names = {}
guest = itertools.count(1)


def put(writer, text):
    writer.write((text + "\r\n").encode())


def broadcast(text, sender=None):
    for writer in names:
        if writer is not sender:
            put(writer, text)


def rename(me, name):
    if not re.fullmatch(r"[\w-]{1,20}", name):
        return put(me, "! Ese nombre no vale")
    if name.lower().startswith("guest-"):
        return put(me, "! Ese nombre es de invitados")
    if name.casefold() in [n.casefold() for w, n in names.items() if w is not me]:
        return put(me, "! Ese nombre ya lo tiene otra persona")
    old, names[me] = names[me], name
    broadcast(f"* {old} is now {name}")


def obey(me, line):
    word, _, rest = line.partition(" ")
    if word == "/list":
        put(me, f"* {len(names)} connected: {', '.join(names.values())}")
    elif word == "/nick":
        rename(me, rest.strip())
    elif word.startswith("/"):
        put(me, f'! Unknown command "{line}"')
    elif line.strip():
        broadcast(f"<{names[me]}> {line}", me)


async def conversation(reader, me):
    line = await reader.readline()
    if not line.endswith(b"\n"):
        return
    line = line[:-1].removesuffix(b"\r").decode(errors="replace")
    if line.split(" ")[0] == "/quit":
        return put(me, "* Goodbye")
    obey(me, line)


async def client(reader, me):
    name = f"guest-{next(guest)}"
    put(me, f"* Bienvenido, {name}. Ordenes: /list, /nick <nombre>, /quit")
    broadcast(f"* {name} ha entrado")
    names[me] = name
    try:
        await conversation(reader, me)
    except ConnectionError:
        pass
    broadcast(f"* {names.pop(me)} ha salido")
    try:
        me.write_eof()
        await asyncio.wait_for(reader.read(), 5)
    except (OSError, asyncio.TimeoutError):
        pass
    me.close()


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
