import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.StringJoiner;
import java.util.concurrent.Executors;

public class Main {
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8000), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", Main::handle);
        server.start();
    }

    static void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            // Text in, text out, both in the JVM's default encoding: what -Dfile.encoding=utf-8 decides.
            String text = new String(exchange.getRequestBody().readAllBytes());
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            answer(exchange, type == null ? "text/plain; charset=utf-8" : type, text);
            return;
        }
        StringJoiner headers = new StringJoiner(",\n    ", "{\n    ", "\n  }");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.startsWith("X-")) headers.add(quote(name) + ": " + quote(String.join(", ", values)));
        });
        answer(exchange, "application/json; charset=utf-8", "{\n  \"message\": " + quote("Hello from Java, 你好")
                + ",\n  \"method\": " + quote(exchange.getRequestMethod())
                + ",\n  \"target\": " + quote(exchange.getRequestURI().toString())
                + ",\n  \"headers\": " + headers + "\n}\n");
    }

    static void answer(HttpExchange exchange, String contentType, String text) throws IOException {
        byte[] body = text.getBytes();
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
