// Port scanner: one after the other, with a time-out; exit code 1 if nothing is open.
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let first: u16 = args[2].parse().unwrap();
    let last: u16 = args[3].parse().unwrap();
    let mut open = Vec::new();
    for port in first..=last {
        let address: SocketAddr = format!("{}:{}", args[1], port).parse().unwrap();
        if TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok() {
            println!("{address}");
            open.push(port);
        }
    }
    if open.is_empty() {
        println!("no hay puertos abiertos entre {first} y {last}");
        std::process::exit(1);
    }
}
