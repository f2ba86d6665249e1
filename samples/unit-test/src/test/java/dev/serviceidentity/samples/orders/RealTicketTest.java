// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import dev.serviceidentity.testkit.cluster.FakePod;
import dev.serviceidentity.testkit.junit.Cluster;
import dev.serviceidentity.testkit.junit.Kdc;
import dev.serviceidentity.testkit.junit.ServiceIdentityTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything real but the cluster: tickets, keytab, HTTP. */
@ServiceIdentityTest
class RealTicketTest {
  @Test
  void aTicketIsAdmittedUntilThePolicyChanges(
      @Kdc(principals = {"HTTP/web.shop", "HTTP/orders.shop"}) EmbeddedKdc kdc,
      @Cluster(value = "k8s", ownPod = "shop/orders") FakeCluster cluster,
      @TempDir Path directory)
      throws Exception {
    var kerberos =
        KerberosIdentity.builder()
            .principal("HTTP/orders.shop@SHOP.EXAMPLE")
            .keytab(kdc.keytab(directory.resolve("orders.keytab"), "HTTP/orders.shop"))
            .acceptOnly();
    cluster
        .pod(FakePod.of("shop/orders", "app=orders").serviceAccount("orders"))
        .pod(FakePod.of("shop/web", "app=web").serviceAccount("web").addresses("127.0.0.1"))
        .binding(WorkloadBinding.builder().realm("SHOP.EXAMPLE").build());
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    try (var identity = Orders.identity().mechanism(kerberos).network(cluster).open()) {
      server.createContext("/", new Orders(identity, Map.of("/orders/7", "a kettle")));
      server.start();

      var ticket = kdc.credentials("HTTP/web.shop", "HTTP/orders.shop");
      var answer = get(server, ticket);
      assertThat(answer.body()).isEqualTo("a kettle");
      assertThat(ticket.verifyReply(answer.statusCode(), answer.headers().map()))
          .isEqualTo(new Reply.Complete());

      cluster.delete("NetworkPolicy", "shop/orders").policy("shop/closed", "podSelector: {}");
      var denied = get(server, kdc.credentials("HTTP/web.shop", "HTTP/orders.shop"));
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body()).contains("NETWORK");
    } finally {
      server.stop(0);
    }
  }

  private static HttpResponse<String> get(HttpServer server, RequestCredentials credentials)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/orders/7");
    var request = HttpRequest.newBuilder(uri);
    credentials.applyTo(request::header);
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
