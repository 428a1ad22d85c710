# Daytime client: has to be ready in three seconds, whatever the server does.
import asyncio
import sys


async def ask(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    text = bytearray()
    while data := await reader.read(100):
        text += data
    writer.close()
    return text


try:
    text = asyncio.run(asyncio.wait_for(ask(sys.argv[1], int(sys.argv[2])), 3))
except asyncio.TimeoutError:
    sys.exit("no time within three seconds")
except OSError as error:
    sys.exit(f"the connection broke: {error}")
print(ascii(text.decode("latin-1").strip())[1:-1])
