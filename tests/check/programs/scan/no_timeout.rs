// Port scanner: threads in groups of 50.
use std::net::TcpStream;
use std::thread;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let ports: Vec<u16> = (args[2].parse().unwrap()..=args[3].parse().unwrap()).collect();
    for group in ports.chunks(50) {
        let tries: Vec<_> = group
            .iter()
            .map(|&port| {
                let host = args[1].clone();
                thread::spawn(move || (port, TcpStream::connect((host.as_str(), port)).is_ok()))
            })
            .collect();
        for attempt in tries {
            let (port, open) = attempt.join().unwrap();
            if open {
                println!("{port} open");
            }
        }
    }
}
