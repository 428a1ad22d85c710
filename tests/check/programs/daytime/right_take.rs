// Daytime client.
use std::io::{Read, Result};
use std::net::TcpStream;
use std::time::Duration;

fn ask(address: &str) -> Result<String> {
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut answer = Vec::new();
    socket.take(4096).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match ask(&format!("{}:{}", args[1], args[2])) {
        Ok(time) => {
            for line in time.lines() {
                println!("{}", line.escape_default());
            }
        }
        Err(error) => {
            eprintln!("error: {error}");
            std::process::exit(1);
        }
    }
}
