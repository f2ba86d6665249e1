// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.IdentityContexts;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedServersTest {
  @TempDir Path folder;
  private CertifiedShop shop;

  @BeforeEach
  void open() {
    shop = new CertifiedShop(folder);
    shop.service("web");
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void aServerThatPropertiesNameIsCalled() {
    assertThat(answerOf("orders")).endsWith("/sa/web");
  }

  @Test
  void anotherServiceOfTheTrustDomainCannotPoseAsIt() {
    assertThatThrownBy(() -> answerOf("batch")).hasStackTraceContaining("sa/batch");
  }

  private String answerOf(String server) {
    var answer = new String[1];
    MirrorServer.run(
        shop.service(server),
        running ->
            IdentityContexts.plain()
                .withPropertyValues(
                    "serviceidentity.mtls.pem-directory=" + folder.resolve("web"),
                    "serviceidentity.mtls.trust-domain=shop.example",
                    "serviceidentity.mtls.servers=mtls:spiffe://shop.example/ns/shop/sa/orders",
                    "serviceidentity.network.mode=identity-alone",
                    "serviceidentity.allow.nobody=true")
                .run(
                    context -> {
                      var tls = context.getBean(ServiceIdentity.class).tls();
                      try (var orders = TlsConnection.open(tls, MirrorServer.port(running))) {
                        answer[0] = orders.get("/").text();
                      }
                    }));
    return answer[0];
  }
}
