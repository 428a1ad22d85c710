// Echo server: a thread per client.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn echo(mut stream: TcpStream) -> std::io::Result<usize> {
    let mut message = Vec::new();
    let n = stream.read_to_end(&mut message)?;
    stream.write_all(&message)?;
    Ok(n)
}

fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    for stream in listener.incoming() {
        if let Ok(stream) = stream {
            std::thread::spawn(move || match echo(stream) {
                Ok(n) => println!("{n} bytes echoed"),
                Err(e) => println!("lost: {e}"),
            });
        }
    }
}
