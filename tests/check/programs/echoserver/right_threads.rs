// Echo server: a thread per client.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buf = [0u8; 4096];
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buf[..n])?;
    }
}

fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).expect("port").parse().expect("a number");
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("listening on {}", port);
    for stream in listener.incoming() {
        if let Ok(stream) = stream {
            thread::spawn(move || {
                if let Err(e) = serve(stream) {
                    println!("client lost: {}", e);
                }
            });
        }
    }
    Ok(())
}
