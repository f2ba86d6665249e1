// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.samples.shop.Member;
import dev.serviceidentity.samples.shop.Shop;
import dev.serviceidentity.samples.shop.ShopClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The shop, and whoever calls it.
 *
 * @param shop with its Spring services
 */
record RunningShop(Shop shop) implements AutoCloseable {
  /** Two shops at once would want the same ports, and a KDC's krb5.conf is one for each JVM. */
  static final String LOCK = "the shop";

  static final Path MANIFESTS = Path.of("../shop/k8s");

  static RunningShop open(Path folder) throws IOException {
    return new RunningShop(
        Shop.open(MANIFESTS, folder, event -> {}, new SpringEdition().starters()));
  }

  @Override
  public void close() {
    shop.close();
  }

  URI uri(Member to) {
    return shop.service(to).uri();
  }

  /** With the certificate of one service, from the address of another. */
  ShopClient client(Member owner, Member pod) {
    return new ShopClient(pod.address(), tls(owner).sslContext().getSocketFactory());
  }

  ShopClient client(Member caller) {
    return client(caller, caller);
  }

  /** Without any certificate. */
  ShopClient anonymous(Member pod) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {tls(pod).trustManager()}, null);
    return new ShopClient(pod.address(), context.getSocketFactory());
  }

  ShopClient.Reply get(ShopClient client, URI uri) throws IOException {
    return client.get(uri, List.of());
  }

  /** What an operator is answered at a service's management port. */
  HttpResponse<String> operator(Member service, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create(SpringEdition.management(shop, service) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private TlsMaterial tls(Member member) {
    return shop.service(member).identity().tls();
  }
}
