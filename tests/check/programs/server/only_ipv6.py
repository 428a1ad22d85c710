# Welcome server with asyncio.
import asyncio
import sys
from datetime import datetime, timezone


async def welcome(reader, writer):
    try:
        writer.write(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
        writer.write_eof()
        while await reader.read(1024):
            pass
    except OSError:
        pass
    writer.close()


async def main(host="::1", port=8000):
    server = await asyncio.start_server(welcome, host, port)
    await server.serve_forever()


asyncio.run(main(port=int(sys.argv[1])))
