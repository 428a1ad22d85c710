// Port scanner with a pool of threads.
import java.io.*;
import java.net.*;
import java.util.*;
import java.util.concurrent.*;

class Scanner {
    static boolean isOpen(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public static void main(String[] args) throws Exception {
        int first = Integer.parseInt(args[1]), last = Integer.parseInt(args[2]);
        ExecutorService pool = Executors.newFixedThreadPool(20);
        Map<Integer, Future<Boolean>> answers = new TreeMap<>();
        for (int port = first; port <= last; port++) {
            int p = port;
            answers.put(p, pool.submit(() -> isOpen(args[0], p)));
        }
        PrintWriter out = new PrintWriter(System.out);
        for (Map.Entry<Integer, Future<Boolean>> answer : answers.entrySet()) {
            if (answer.getValue().get()) out.println("Port " + answer.getKey() + " is open");
        }
        out.close();
        pool.shutdown();
    }
}
