// Client: BufReader lines, with a limit and a timeout.
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let stream = TcpStream::connect(format!("{}:{}", args[1], args[2]))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut reader = BufReader::new(stream.take(65536));
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if !line.ends_with('\n') {
            panic!("the server broke off: {:?}", line.len());
        }
        print!("{line}");
        line.clear();
    }
    Ok(())
}
