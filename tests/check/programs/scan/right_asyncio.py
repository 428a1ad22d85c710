# Port scanner with asyncio, at most 200 at a time.
import asyncio
import sys


async def probe(host, port, permits):
    async with permits:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1)
        except (OSError, asyncio.TimeoutError):
            return
        writer.close()
        print(port, "open")


async def main(host, first, last):
    permits = asyncio.Semaphore(200)
    await asyncio.gather(*(probe(host, p, permits) for p in range(first, last + 1)))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
