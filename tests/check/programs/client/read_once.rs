// Client: reads into a buffer, shows its lines.
use std::io::{self, Read};
use std::net::TcpStream;
use std::time::Duration;

fn run(address: &str) -> io::Result<()> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut buffer = [0; 8192];
    let count = socket.read(&mut buffer)?;
    let text = String::from_utf8_lossy(&buffer[..count]);
    for line in text.split_inclusive('\n') {
        if !line.ends_with('\n') {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unfinished line"));
        }
        println!("{}", line.chars().filter(|c| !c.is_control()).collect::<String>());
    }
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Err(error) = run(&format!("{}:{}", args[1], args[2])) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
