# Port scanner: asyncio, 100 at a time.
import asyncio
import sys


async def probe(host, port, gate):
    async with gate:
        try:
            connecting = asyncio.open_connection(host, port)
            _, writer = await asyncio.wait_for(connecting, 1)
        except (OSError, asyncio.TimeoutError):
            return None
        writer.close()
        return port


async def main():
    host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    gate = asyncio.Semaphore(100)
    found = await asyncio.gather(*(probe(host, p, gate) for p in range(first, last + 1)))
    print(f"Escaneados {last - first + 1} puertos de {host}, del {first} al {last}")
    abiertos = [p for p in found if p]
    print("Puertos abiertos:", ", ".join(map(str, abiertos)) or "ninguno")


asyncio.run(main())
