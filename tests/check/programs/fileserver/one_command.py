# Servidor de archivos con asyncio.
import asyncio
import pathlib
import sys

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])


def find(name):
    if name in ("", ".", "..") or any(c in name for c in "/\\\0"):
        return None
    path = folder / name
    return path if path.is_file() and not path.is_symlink() else None


async def read_line(reader):
    line = await reader.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    return line.rstrip(b"\r\n").decode("utf-8", "replace")


async def say(writer, text):
    writer.write(text.encode() + b"\r\n")
    await writer.drain()


async def send_file(reader, writer, name):
    path = find(name)
    if path is None:
        return await say(writer, f"ERROR NOT_FOUND No hay ningun archivo {name}")
    await say(writer, f"SENDING_FILE {name} {path.stat().st_size}")
    if await read_line(reader) != "READY":
        return await say(writer, "CANCELLED")
    with path.open("rb") as file:
        while block := file.read(16384):
            writer.write(block)
            await writer.drain()


async def talk(reader, writer):
    line = await read_line(reader)
    if line == "QUIT":
        await say(writer, "BYE")
    elif line == "LIST":
        files = [p for p in folder.iterdir() if find(p.name) and not p.name.startswith(".")]
        reply = [f"FILES {len(files)}"]
        reply += [f"{p.name} {p.stat().st_size}" for p in files]
        await say(writer, "\r\n".join(reply))
    elif line.startswith("GET "):
        await send_file(reader, writer, line[4:])
    else:
        await say(writer, "ERROR BAD_REQUEST No entiendo")


async def client(reader, writer):
    try:
        await talk(reader, writer)
    except (EOFError, ConnectionError):
        pass
    try:
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)
    except (OSError, asyncio.TimeoutError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main())
