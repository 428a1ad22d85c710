# Daytime server that starts slowly and asks the clock slowly, too.
import asyncio
import os
import time


async def ask_the_clock():
    await asyncio.sleep(0.3)
    return time.strftime("%a %d %b %Y %H:%M:%S GMT", time.gmtime())


async def serve(reader, writer):
    try:
        print("client", writer.get_extra_info("peername"))
        now = await ask_the_clock()
        writer.write(f"{now}\r\n".encode())
        await writer.drain()
        writer.write_eof()
        while not reader.at_eof():
            await asyncio.wait_for(reader.read(2048), 5)
    except (OSError, asyncio.TimeoutError) as error:
        print("lost", error)
    writer.close()


async def main():
    await asyncio.sleep(1.5)
    server = await asyncio.start_server(serve, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


asyncio.run(main())
