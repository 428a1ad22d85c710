# Welcome server with asyncio.
import asyncio
import datetime
import os


async def discard(reader):
    while await reader.read(1000):
        pass


async def welcome(reader, writer):
    now = datetime.datetime.now(datetime.timezone.utc)
    try:
        writer.write(b"Hi, the time is %s\r\n" % now.strftime("%Y-%m-%dT%H:%M:%SZ").encode())
        writer.write_eof()
        await asyncio.wait_for(discard(reader), timeout=8)
    except (OSError, asyncio.TimeoutError):
        print("client did not end")
    writer.close()


async def main():
    server = await asyncio.start_server(welcome, "127.0.0.1", int(os.environ["PORT"]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
