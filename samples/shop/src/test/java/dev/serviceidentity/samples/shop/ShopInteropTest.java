// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.RefusalReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * The commands that {@code samples/run --serve} prints, and other real programs, against the shop.
 */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ShopInteropTest {
  private static final InMemorySink EVENTS = new InMemorySink(100);

  @TempDir static Path folder;
  private static Shop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = Shop.open(Path.of("k8s"), folder, EVENTS, Map.of());
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void curlWithACertificateIsAdmitted() throws Exception {
    RealPrograms.need("curl");

    assertThat(RealPrograms.output(command("orders calls payments")))
        .contains("HTTP/1.1 200")
        .contains("hello from payments");
    assertThat(EVENTS).hasAdmitted(Member.ORDERS.spiffeId());
  }

  @Test
  void curlWithTheSameCertificateFromAnotherPodIsRefusedAtTheBinding() throws Exception {
    RealPrograms.need("curl");

    assertThat(RealPrograms.output(command("the same certificate")))
        .contains("HTTP/1.1 403")
        .contains("refused at layer BINDING")
        .doesNotContain("shop/orders");
    assertThat(EVENTS)
        .hasRefused(RefusalReason.WRONG_WORKLOAD)
        .atLayer(Layer.BINDING)
        .by(Member.ORDERS.spiffeId())
        .explaining("shop/orders");
  }

  @Test
  void curlWithAKerberosTicketIsAdmittedAndAnsweredWithTheServicesOwnProof() throws Exception {
    RealPrograms.need("curl", "kinit");

    assertThat(RealPrograms.output(command("web calls orders")))
        .contains("HTTP/1.1 200")
        .containsIgnoringCase("WWW-Authenticate: Negotiate ")
        .contains("hello from orders");
    assertThat(EVENTS).hasAdmitted("kerberos:" + Member.WEB.kerberosPrincipal());
  }

  @Test
  void curlWithoutAnythingIsChallenged() throws Exception {
    RealPrograms.need("curl");

    assertThat(RealPrograms.output(command("nobody calls orders")))
        .contains("HTTP/1.1 401")
        .containsIgnoringCase("WWW-Authenticate: Negotiate\r\n");
    assertThat(EVENTS).hasRefused(RefusalReason.NO_CREDENTIALS).atLayer(Layer.IDENTITY);
  }

  @Test
  void opensslCompletesATls13HandshakeWithBothCertificates() throws Exception {
    RealPrograms.need("openssl");
    Path mine = shop.authorities().certificates(Member.ORDERS);

    assertThat(
            RealPrograms.output(
                "echo | openssl s_client -tls1_3 -verify_return_error -connect "
                    + Member.PAYMENTS.address().getHostAddress()
                    + ":"
                    + shop.manifests().port()
                    + " -CAfile "
                    + mine.resolve("ca.crt")
                    + " -cert "
                    + mine.resolve("tls.crt")
                    + " -key "
                    + mine.resolve("tls.key")))
        .contains("Verify return code: 0 (ok)")
        .contains("TLSv1.3");
  }

  @Test
  void opensslAcceptsTheCertificatesOfTheDevelopmentAuthority() throws Exception {
    RealPrograms.need("openssl");
    Path mine = shop.authorities().certificates(Member.WEB);

    assertThat(
            RealPrograms.output(
                "openssl verify -x509_strict -purpose sslclient -CAfile "
                    + mine.resolve("ca.crt")
                    + " "
                    + mine.resolve("tls.crt")))
        .endsWith(": OK\n");
  }

  @Test
  void kinitGetsATicketFromTheEmbeddedKdc() throws Exception {
    RealPrograms.need("kinit", "klist");
    Path cache = folder.resolve("kinit.ccache");

    assertThat(
            RealPrograms.output(
                "export KRB5_CONFIG=%s KRB5CCNAME=FILE:%s; kinit -kt %s %s && klist"
                    .formatted(
                        shop.authorities().krb5Conf(),
                        cache,
                        shop.authorities().keytab(Member.WEB),
                        Member.WEB.kerberosPrincipal())))
        .contains("krbtgt/SHOP.EXAMPLE@SHOP.EXAMPLE");
  }

  /** The command below a comment that contains some words. */
  private static String command(String comment) {
    List<String> lines = CurlCommands.of(shop).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("#") && lines.get(i).contains(comment)) {
        return lines.get(i + 1).replaceFirst("curl ", "curl -sS ");
      }
    }
    throw new IllegalArgumentException("No command is for: " + comment);
  }
}
