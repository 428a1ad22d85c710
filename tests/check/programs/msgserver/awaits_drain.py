# Mensajes con asyncio.
import asyncio, itertools, re, sys

names = {}
guest = itertools.count(1)


def put(writer, text):
    writer.write((text + "\r\n").encode())


async def broadcast(text, sender=None):
    for writer in list(names):
        if writer is not sender:
            put(writer, text)
            try:
                await writer.drain()
            except ConnectionError:
                pass


async def rename(me, name):
    if not re.fullmatch(r"[\w-]{1,20}", name):
        return put(me, "! Ese nombre no vale")
    if name.lower().startswith("guest-"):
        return put(me, "! Ese nombre es de invitados")
    if name.casefold() in [n.casefold() for w, n in names.items() if w is not me]:
        return put(me, "! Ese nombre ya lo tiene otra persona")
    old, names[me] = names[me], name
    await broadcast(f"* {old} is now {name}")


async def obey(me, line):
    word, _, rest = line.partition(" ")
    if word == "/list":
        put(me, f"* {len(names)} connected: {', '.join(names.values())}")
    elif word == "/nick":
        await rename(me, rest.strip())
    elif word.startswith("/"):
        put(me, f'! Unknown command "{line}"')
    elif line.strip():
        await broadcast(f"<{names[me]}> {line}", me)


async def conversation(reader, me):
    while True:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            return
        line = line[:-1].removesuffix(b"\r").decode(errors="replace")
        if line.split(" ")[0] == "/quit":
            return put(me, "* Goodbye")
        await obey(me, line)


async def client(reader, me):
    name = f"guest-{next(guest)}"
    put(me, f"* Bienvenido, {name}. Ordenes: /list, /nick <nombre>, /quit")
    await broadcast(f"* {name} ha entrado")
    names[me] = name
    try:
        await conversation(reader, me)
    except ConnectionError:
        pass
    await broadcast(f"* {names.pop(me)} ha salido")
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
