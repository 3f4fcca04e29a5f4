use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn main() -> io::Result<()> {
    for stream in TcpListener::bind("127.0.0.1:8000")?.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("{error}");
            }
        });
    }
    Ok(())
}

/// The requests of one connection, one after the other, until the client closes it.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = read_request(&mut reader)? {
        let id = request.header("X-CFF-Request-Id").unwrap_or("-");
        println!("{id} {} {}", request.method, request.target);
        let (content_type, body) = answer(&request);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
        );
        let sent = if request.method == "HEAD" {
            Vec::new()
        } else {
            body
        };
        stream.write_all(&[head.into_bytes(), sent].concat())?;
    }
    Ok(())
}

fn answer(request: &Request) -> (&str, Vec<u8>) {
    if request.method == "POST" {
        let content_type = request
            .header("Content-Type")
            .unwrap_or("application/octet-stream");
        return (content_type, request.body.clone());
    }
    let headers: Vec<String> = request
        .headers
        .iter()
        .filter(|(name, _)| name.to_lowercase().starts_with("x-"))
        .map(|(name, value)| format!("    {}: {}", quote(name), quote(value)))
        .collect();
    let json = format!(
        "{{\n  \"message\": \"Hello from Rust\",\n  \"method\": {},\n  \"target\": {},\n  \"headers\": {{\n{}\n  }}\n}}\n",
        quote(&request.method),
        quote(&request.target),
        headers.join(",\n")
    );
    ("application/json; charset=utf-8", json.into_bytes())
}

/// None where the client has closed. What the gateway sends is well formed, and a body comes with its length.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let line = read_line(reader)?;
    let mut words = line.split(' ').map(str::to_string);
    let (method, target) = match (words.next(), words.next()) {
        (Some(method), Some(target)) => (method, target),
        _ => return Ok(None),
    };
    let mut request = Request {
        method,
        target,
        headers: Vec::new(),
        body: Vec::new(),
    };
    while let Some((name, value)) = read_line(reader)?.split_once(':') {
        request
            .headers
            .push((name.to_string(), value.trim().to_string()));
    }
    let length = request
        .header("Content-Length")
        .and_then(|text| text.parse().ok());
    request.body.resize(length.unwrap_or(0), 0);
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_string())
}

impl Request {
    fn header(&self, wanted: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    }
}

/// Text as JSON has it.
fn quote(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|sign| match sign {
            '"' | '\\' => format!("\\{sign}"),
            sign if sign < ' ' => format!("\\u{:04x}", sign as u32),
            sign => sign.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
