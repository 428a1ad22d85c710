// File server with a thread for each client.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

public class RightThreads extends Thread {
    static Path folder;
    final Socket socket;
    InputStream in;
    OutputStream out;

    RightThreads(Socket socket) {
        this.socket = socket;
    }

    String readLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int b = in.read();
        for (; b >= 0 && b != '\n'; b = in.read()) bytes.write(b);
        if (b < 0) return null;
        String line = bytes.toString(StandardCharsets.UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static Path find(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.matches("(?s).*[/\\\\\0].*")) return null;
        Path path = folder.resolve(name);
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? path : null;
    }

    void list() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : Objects.requireNonNull(folder.toFile().list())) {
            if (find(name) != null) lines.add(name + " " + Files.size(find(name)));
        }
        say("FILES " + lines.size());
        for (String line : lines) say(line);
    }

    void get(String name) throws IOException {
        Path path = find(name);
        if (path == null) {
            say("ERROR NOT_FOUND No such file: " + name);
            return;
        }
        say("SENDING_FILE " + name + " " + Files.size(path));
        if (!"READY".equals(readLine())) {
            say("CANCELLED");
            return;
        }
        try (InputStream file = Files.newInputStream(path)) {
            file.transferTo(out);
        }
        out.flush();
    }

    void talk() throws IOException {
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.equals("LIST")) list();
            else if (line.startsWith("GET ")) get(line.substring(4));
            else if (line.equals("QUIT")) {
                say("BYE");
                return;
            } else say("ERROR UNKNOWN_COMMAND " + line);
        }
    }

    public void run() {
        try (socket) {
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream());
            talk();
            socket.shutdownOutput();
            socket.setSoTimeout(5000);
            while (in.read() >= 0);
        } catch (IOException e) {
            System.err.println("client: " + e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        folder = Path.of(args[1]);
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        System.out.println("Serving " + folder.toAbsolutePath());
        while (true) new RightThreads(server.accept()).start();
    }
}
