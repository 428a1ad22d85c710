// Echo server: a thread per client.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn handle(mut stream: TcpStream) {
    let mut buf = vec![0; 16384];
    match stream.read(&mut buf) {
        Ok(0) => println!("client left"),
        Ok(n) => {
            if let Err(e) = stream.write_all(&buf[..n]) {
                println!("cannot answer: {e}");
            }
        }
        Err(e) => println!("cannot read: {e}"),
    }
}

fn main() {
    let port = std::env::args().nth(1).unwrap();
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || handle(stream));
    }
}
