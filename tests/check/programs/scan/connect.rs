// Port scanner.
use std::net::{IpAddr, SocketAddr, TcpStream};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let host: IpAddr = args[1].parse().expect("an address");
    let first: u16 = args[2].parse().expect("a port");
    let last: u16 = args[3].parse().expect("a port");
    let open: Vec<u16> = (first..=last)
        .filter(|&port| {
            let address = SocketAddr::new(host, port);
            TcpStream::connect(address).is_ok()
        })
        .collect();
    println!("{} open: {open:?}", open.len());
}
