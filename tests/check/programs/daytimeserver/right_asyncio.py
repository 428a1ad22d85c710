# Daytime server with asyncio.
import asyncio
import sys
import time


async def serve(reader, writer):
    try:
        writer.write(time.ctime().encode() + b"\r\n")
        writer.write_eof()
        while await asyncio.wait_for(reader.read(1024), 10):
            pass
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
