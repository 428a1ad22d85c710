# Cliente de chat con asyncio.
import asyncio
import sys


def limpia(texto):
    return texto.translate({c: "·" for c in [*range(9), *range(10, 32), *range(127, 160)]})


async def muestra(lector):
    while linea := await lector.readline():
        if linea.endswith(b"\n"):
            print(">>", limpia(linea.decode("utf-8", "replace").rstrip("\r\n")))
    print("-- El servidor ha terminado --")


async def teclado(escritor):
    entrada = asyncio.StreamReader()
    bucle = asyncio.get_running_loop()
    await bucle.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(entrada), sys.stdin)
    while linea := await entrada.readline():
        escritor.write(linea)
        await escritor.drain()
        if linea.strip() == b"/quit":
            break
    escritor.write_eof()
    await asyncio.sleep(5)


async def main():
    lector, escritor = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    tareas = [asyncio.create_task(muestra(lector)), asyncio.create_task(teclado(escritor))]
    await asyncio.wait(tareas, return_when=asyncio.FIRST_COMPLETED)
    for tarea in tareas:
        tarea.cancel()
    escritor.close()


asyncio.run(main())
