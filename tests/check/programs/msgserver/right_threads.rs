// Two threads for each client.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{channel, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

struct Client {
    id: usize,
    name: String,
    out: Sender<String>,
}

type Room = Arc<Mutex<Vec<Client>>>;

fn tell(room: &Room, line: &str, except: usize) {
    for client in room.lock().unwrap().iter() {
        if client.id != except {
            let _ = client.out.send(line.to_string());
        }
    }
}

fn rename(room: &Room, id: usize, wish: &str) -> Result<String, String> {
    let mut clients = room.lock().unwrap();
    let good = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if wish.is_empty() || wish.chars().count() > 20 || !wish.chars().all(good) {
        return Err(format!("! \"{wish}\" is no nickname"));
    }
    let lower = wish.to_lowercase();
    let taken = |c: &Client| c.id != id && c.name.to_lowercase() == lower;
    if lower.starts_with("guest-") || clients.iter().any(taken) {
        return Err(format!("! Nickname \"{wish}\" is taken"));
    }
    let me = clients.iter_mut().find(|c| c.id == id).unwrap();
    let old = std::mem::replace(&mut me.name, wish.to_string());
    Ok(format!("* {old} is now {wish}"))
}

fn name_of(room: &Room, id: usize) -> String {
    let clients = room.lock().unwrap();
    clients.iter().find(|c| c.id == id).map(|c| c.name.clone()).unwrap_or_default()
}

fn obey(room: &Room, id: usize, line: &str, out: &Sender<String>) -> bool {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let answer = match word {
        "/quit" => "* Goodbye".to_string(),
        "/list" => {
            let clients = room.lock().unwrap();
            let names: Vec<&str> = clients.iter().map(|c| c.name.as_str()).collect();
            format!("* {} connected: {}", names.len(), names.join(", "))
        }
        "/nick" => match rename(room, id, rest.trim()) {
            Ok(news) => {
                tell(room, &news, 0);
                return true;
            }
            Err(refusal) => refusal,
        },
        _ if word.starts_with('/') => format!("! Unknown command \"{line}\""),
        _ => {
            if !line.trim().is_empty() {
                tell(room, &format!("<{}> {line}", name_of(room, id)), id);
            }
            return true;
        }
    };
    let _ = out.send(answer);
    word != "/quit"
}

fn serve(room: Room, mut stream: TcpStream, id: usize) {
    let (out, lines) = channel::<String>();
    let mut write_half = stream.try_clone().unwrap();
    let writer = thread::spawn(move || {
        for line in lines {
            if write_half.write_all(format!("{line}\r\n").as_bytes()).is_err() {
                return;
            }
        }
        let _ = write_half.shutdown(Shutdown::Write);
    });
    let name = format!("guest-{id}");
    let _ = out.send(format!("* Welcome, {name}"));
    tell(&room, &format!("* {name} joined"), 0);
    room.lock().unwrap().push(Client { id, name, out: out.clone() });
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut bytes = Vec::new();
    while let Ok(n) = reader.read_until(b'\n', &mut bytes) {
        if n == 0 || !bytes.ends_with(b"\n") {
            break;
        }
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_string();
        bytes.clear();
        if !obey(&room, id, &line, &out) {
            break;
        }
    }
    let name = name_of(&room, id);
    room.lock().unwrap().retain(|c| c.id != id);
    tell(&room, &format!("* {name} left"), 0);
    drop(out);
    let _ = writer.join();
    let _ = stream.set_read_timeout(Some(std::time::Duration::from_secs(5)));
    let mut rest = [0; 4096];
    while matches!(stream.read(&mut rest), Ok(n) if n > 0) {}
}

fn main() {
    let port = std::env::args().nth(1).expect("port");
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let room: Room = Arc::default();
    for (id, stream) in (1..).zip(listener.incoming()) {
        let room = room.clone();
        if let Ok(stream) = stream {
            thread::spawn(move || serve(room, stream, id));
        }
    }
}
