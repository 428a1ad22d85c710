# Echo client with asyncio: writes what comes as text, ignoring what is not.
import asyncio
import sys

history = bytearray()
place = 0


async def sending(writer):
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        history.extend(line)
        writer.write(line)
        await writer.drain()
    writer.write_eof()


async def main():
    global place
    reader, writer = await asyncio.open_connection(sys.argv[1], sys.argv[2])
    task = asyncio.create_task(sending(writer))
    code = 0
    while True:
        try:
            data = await asyncio.wait_for(reader.read(8192), 5)
        except asyncio.TimeoutError:
            if place == len(history) and not task.done():
                continue
            print("no answer, I give up")
            return 1
        if not data:
            break
        print(data.decode(errors="ignore"), end="", flush=True)
        if history[place : place + len(data)] != data:
            print("[changed]")
            code = 4
        place += len(data)
    if place < len(history):
        print("[cut off]")
        code = 5
    return code


code = asyncio.run(main())
sys.stdout.flush()
import os

os._exit(code)
