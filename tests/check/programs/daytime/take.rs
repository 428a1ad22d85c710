// Daytime client: take() and read_to_end, a time-out for each read.
use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

fn fetch(host: &str, port: &str) -> std::io::Result<String> {
    let stream = TcpStream::connect(format!("{host}:{port}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut bytes = Vec::new();
    stream.take(4096).read_to_end(&mut bytes)?;
    Ok(bytes.iter().filter(|b| (32..127).contains(*b)).map(|&b| b as char).collect())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match fetch(&args[1], &args[2]) {
        Ok(text) => println!("{text}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
