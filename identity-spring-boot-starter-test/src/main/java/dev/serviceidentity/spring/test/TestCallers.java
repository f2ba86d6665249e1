// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.testkit.TestIdentity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/**
 * Makes requests of a test those of somebody.
 *
 * <pre>{@code
 * mvc.perform(get("/orders/7").with(caller("spiffe://shop.example/ns/shop/sa/web")));
 * rest.get().uri("/orders/7").headers(proofOf("spiffe://shop.example/ns/shop/sa/web"));
 * }</pre>
 */
public final class TestCallers {
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private TestCallers() {}

  /**
   * Makes a request that of a principal, calling from outside every cluster.
   *
   * @param principal as {@code PrincipalId.parse} reads it
   * @return for {@code with(...)} of a request of MockMvc
   * @throws IllegalArgumentException if the text is no principal
   */
  public static RequestPostProcessor caller(String principal) {
    return caller(TestIdentity.of(principal));
  }

  /**
   * Makes a request that of an identity, from its address, with its credentials.
   *
   * @param identity who calls, perhaps {@code expired()}, {@code tampered()} or {@code from(...)} a
   *     pod's address
   * @return for {@code with(...)} of a request of MockMvc
   */
  public static RequestPostProcessor caller(TestIdentity identity) {
    return request -> {
      identity.credentials().applyTo(request::addHeader);
      comeFrom(identity.evidence(), request);
      return request;
    };
  }

  /**
   * The header fields that prove a principal, for clients whose requests are not of MockMvc, such
   * as {@code RestTestClient}.
   *
   * @param principal as {@code PrincipalId.parse} reads it
   * @return for {@code headers(...)} of a request; made afresh for each
   * @throws IllegalArgumentException if the text is no principal
   */
  public static Consumer<HttpHeaders> proofOf(String principal) {
    TestIdentity identity = TestIdentity.of(principal);
    return headers -> identity.credentials().applyTo(headers::add);
  }

  private static void comeFrom(CallerEvidence evidence, MockHttpServletRequest request) {
    request.setRemoteAddr(evidence.source().getAddress().getHostAddress());
    request.setRemotePort(evidence.source().getPort());
    request.setLocalAddr(evidence.local().getAddress().getHostAddress());
    request.setLocalPort(evidence.local().getPort());
    List<X509Certificate> chain = evidence.peerCertificates();
    if (!chain.isEmpty()) {
      request.setSecure(true);
      request.setAttribute(CERTIFICATES, chain.toArray(X509Certificate[]::new));
    }
  }
}
