# Echo client with asyncio: whole lines are compared.
import asyncio
import sys


async def main(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    loop = asyncio.get_running_loop()
    keyboard = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(keyboard), sys.stdin
    )
    sent = asyncio.Queue()

    async def send():
        async for line in keyboard:
            sent.put_nowait(line)
            writer.write(line)
            await writer.drain()
        sent.put_nowait(None)
        writer.write_eof()

    sender = asyncio.create_task(send())
    while (line := await sent.get()) is not None:
        answer = await asyncio.wait_for(reader.readexactly(len(line)), 2.5)
        print("<", answer.decode("utf-8", "backslashreplace").rstrip())
        if answer != line:
            raise ValueError(f"sent {line!r}, but {answer!r} came back")
    rest = await asyncio.wait_for(reader.read(), 2.5)
    if rest:
        raise ValueError(f"nobody asked for {rest!r}")
    await sender


try:
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
except asyncio.TimeoutError:
    sys.exit("the server is silent")
except asyncio.IncompleteReadError as error:
    sys.exit(f"the server closed, only this came: {error.partial!r}")
except (OSError, ValueError) as error:
    sys.exit(f"failed: {error}")
