// Client: read_until on what take lets through.
use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

fn run(address: &str) -> io::Result<()> {
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut server = BufReader::new(socket.take(100_000));
    loop {
        let mut line = Vec::new();
        if server.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.pop() != Some(b'\n') {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unfinished line"));
        }
        let text = String::from_utf8_lossy(&line);
        println!("{}", text.chars().filter(|c| !c.is_control()).collect::<String>());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Err(error) = run(&format!("{}:{}", args[1], args[2])) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
