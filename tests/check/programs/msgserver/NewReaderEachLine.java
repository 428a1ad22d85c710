// Two threads for each client, and a BufferedReader.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;

public class NewReaderEachLine {
    static final List<Client> clients = new CopyOnWriteArrayList<>();

    static class Client implements Runnable {
        final Socket socket;
        volatile String name;
        final LinkedBlockingQueue<String> out = new LinkedBlockingQueue<>();

        Client(Socket socket, String name) {
            this.socket = socket;
            this.name = name;
        }

        void write() {
            try {
                PrintWriter writer = new PrintWriter(new OutputStreamWriter(
                    socket.getOutputStream(), StandardCharsets.UTF_8), false);
                for (String line = out.take(); !line.isEmpty(); line = out.take()) {
                    writer.print(line + "\r\n");
                    writer.flush();
                }
                socket.shutdownOutput();
            } catch (IOException | InterruptedException e) {
                System.err.println(name + ": " + e.getMessage());
            }
        }

        public void run() {
            Thread writer = new Thread(this::write);
            writer.start();
            out.add("* Welcome, " + name + ". Commands: /list, /nick <name>, /quit");
            tell("* " + name + " joined", null);
            clients.add(this);
            try {
                talk();
            } catch (IOException e) {
                System.err.println(name + ": " + e.getMessage());
            }
            clients.remove(this);
            tell("* " + name + " left", null);
            out.add("");
            try {
                writer.join();
                socket.setSoTimeout(5000);
                while (socket.getInputStream().read() >= 0);
                socket.close();
            } catch (IOException | InterruptedException e) {
                try { socket.close(); } catch (IOException again) { }
            }
        }

        void talk() throws IOException {
            while (true) {
                BufferedReader in = new BufferedReader(new InputStreamReader(
                    socket.getInputStream(), StandardCharsets.UTF_8));
                StringBuilder line = new StringBuilder();
                int c = in.read();
                for (; c >= 0 && c != '\n'; c = in.read()) line.append((char) c);
                if (c < 0) return;
                if (!obey(line.toString().replace("\r", ""))) return;
            }
        }

        boolean obey(String line) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("/quit")) {
                out.add("* Goodbye");
                return false;
            } else if (words[0].equals("/list")) {
                List<String> names = new ArrayList<>();
                for (Client c : clients) names.add(c.name);
                out.add("* " + names.size() + " connected: " + String.join(", ", names));
            } else if (words[0].equals("/nick")) {
                rename(words.length > 1 ? words[1].trim() : "");
            } else if (line.startsWith("/")) {
                out.add("! Unknown command \"" + line + "\"");
            } else if (!line.isBlank()) {
                tell("<" + name + "> " + line, this);
            }
            return true;
        }

        void rename(String wish) {
            boolean ok = wish.matches("[\\p{L}\\p{Nd}_-]{1,20}") && !wish.toLowerCase().startsWith("guest-");
            for (Client c : clients) ok = ok && (c == this || !c.name.equalsIgnoreCase(wish));
            if (!ok) {
                out.add("! You cannot be called \"" + wish + "\"");
                return;
            }
            String old = name;
            name = wish;
            tell("* " + old + " is now " + wish, null);
        }
    }

    static void tell(String line, Client except) {
        for (Client c : clients) if (c != except) c.out.add(line);
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        for (int guest = 1; ; guest++) new Thread(new Client(server.accept(), "guest-" + guest)).start();
    }
}
