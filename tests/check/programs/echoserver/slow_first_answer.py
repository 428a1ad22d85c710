# Echo server that looks the client up (slowly) before it starts to serve it.
import asyncio
import os


async def look_up(peer):
    await asyncio.sleep(0.3)
    return "client-%d" % peer[1]


async def handle(reader, writer):
    try:
        name = await look_up(writer.get_extra_info("peername"))
        while not reader.at_eof():
            writer.write(await reader.read(10000))
            await writer.drain()
        print(name, "finished")
    except ConnectionError as e:
        print("connection lost:", e)
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", int(os.environ["PORT"]))
    await server.serve_forever()


asyncio.run(main())
