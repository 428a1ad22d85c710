// File client: copy() of take(size).
use std::error::Error;
use std::fs::File;
use std::io::{copy, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

fn fetch(address: &str, name: &str) -> Result<u64, Box<dyn Error>> {
    let mut socket = TcpStream::connect(address)?;
    let mut reader = BufReader::new(socket.try_clone()?);
    write!(socket, "GET {name}\r\n")?;
    let mut header = String::new();
    reader.read_line(&mut header)?;
    let rest = header.trim_end().strip_prefix("SENDING_FILE ").ok_or(header.clone())?;
    let (announced, size) = rest.rsplit_once(' ').ok_or("no size")?;
    let size: u64 = size.parse()?;
    if announced != name {
        return Err(format!("{announced} is not {name}").into());
    }
    socket.write_all(b"READY\r\n")?;
    let mut file = File::create(name)?;
    let count = copy(&mut reader.by_ref().take(size), &mut file)?;
    let _ = socket.write_all(b"QUIT\r\n");
    let mut bye = String::new();
    let _ = reader.read_line(&mut bye);
    println!("{}", bye.trim_end());
    Ok(count)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args[2].contains(['/', '\\']) || args[2].starts_with('.') {
        eprintln!("{:?} is not a name", args[2]);
        std::process::exit(1);
    }
    match fetch(&format!("{}:{}", args[0], args[1]), &args[2]) {
        Ok(size) => println!("{size} bytes"),
        Err(error) => {
            eprintln!("failed: {error}");
            std::process::exit(1);
        }
    }
}
