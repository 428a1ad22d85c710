# Echo server that takes its time to load before it listens.
import asyncio
import sys
import time


async def echo(reader, writer):
    try:
        data = await reader.read(4096)
        while data:
            writer.write(data)
            await writer.drain()
            data = await reader.read(4096)
    except OSError:
        pass
    writer.close()


async def main(port):
    server = await asyncio.start_server(echo, host="127.0.0.1", port=port)
    print("ready", flush=True)
    await server.serve_forever()


print("loading...", flush=True)
time.sleep(2)
asyncio.run(main(int(sys.argv[1])))
