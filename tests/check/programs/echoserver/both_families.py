# Echo server with asyncio, for both families of addresses.
import asyncio
import sys


async def echo(reader, writer):
    try:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def main(port):
    servers = []
    for host in ("::1", "127.0.0.1"):
        try:
            servers.append(await asyncio.start_server(echo, host, port))
            print("listening on", host, port)
        except OSError as error:
            print("no", host, error)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main(int(sys.argv[1])))
