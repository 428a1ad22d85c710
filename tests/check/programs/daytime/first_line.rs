// Daytime client: the first line is the answer.
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let address = format!("{}:{}", args.next().unwrap(), args.next().unwrap());
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(4)))?;
    let mut line = String::new();
    BufReader::new(stream.take(1000)).read_line(&mut line)?;
    println!("The time is {:?}", line.trim_end());
    Ok(())
}
