# Echo server for the new Internet protocol.
import asyncio
import sys


async def handle(reader, writer):
    try:
        while data := await reader.read(8192):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(handle, "::1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
