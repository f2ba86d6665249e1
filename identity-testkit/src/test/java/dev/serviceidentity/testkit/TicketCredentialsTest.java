// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of the kit before the JDK's acceptor, in a JVM that nobody gave a krb5.conf. */
class TicketCredentialsTest {
  private static final String ORDERS = "HTTP/orders.shop";

  private final EmbeddedKdc kdc = EmbeddedKdc.start("SHOP.EXAMPLE");
  private final Path keytab;

  private record Accepted(String client, Map<String, List<String>> answer) {}

  TicketCredentialsTest(@TempDir Path directory) {
    kdc.principal("web");
    kdc.principal(ORDERS);
    keytab = kdc.keytab(directory.resolve("orders.keytab"), ORDERS);
  }

  @AfterEach
  void close() {
    kdc.close();
  }

  @Test
  void aServiceLearnsWhoCallsAndProvesItself() throws Exception {
    RequestCredentials mine = kdc.credentials("web", ORDERS);
    Accepted seen = accept(mine);
    assertThat(seen.client()).isEqualTo("web@SHOP.EXAMPLE");
    assertThat(mine.verifyReply(200, seen.answer())).isEqualTo(new Reply.Complete());
  }

  @Test
  void aTicketIsSealedWithTheKeysOfNow() throws Exception {
    kdc.rotateKeys(ORDERS);
    RequestCredentials mine = kdc.credentials("web", ORDERS);
    assertThatThrownBy(() -> accept(mine)).isInstanceOf(GSSException.class);
    kdc.keytab(keytab, ORDERS);
    assertThat(accept(kdc.credentials("web", ORDERS)).client()).isEqualTo("web@SHOP.EXAMPLE");
  }

  @Test
  void anAnswerToAnotherRequestIsNoProof() throws Exception {
    RequestCredentials mine = kdc.credentials("web", ORDERS);
    Accepted other = accept(kdc.credentials("web", ORDERS));
    assertThat(mine.verifyReply(200, other.answer())).isInstanceOf(Reply.Failed.class);
  }

  @Test
  void anAnswerWithoutProofIsUnauthenticated() {
    RequestCredentials mine = kdc.credentials("web", ORDERS);
    assertThat(mine.verifyReply(200, Map.of())).isInstanceOf(Reply.Unauthenticated.class);
    assertThat(mine.verifyReply(401, Map.of("WWW-Authenticate", List.of("Negotiate"))))
        .isInstanceOf(Reply.Unauthenticated.class);
  }

  @Test
  void whoWasNotAddedIsNamed() {
    assertThatThrownBy(() -> kdc.credentials("nobody", ORDERS)).hasMessageContaining("nobody");
    assertThatThrownBy(() -> kdc.credentials("web", "HTTP/x")).hasMessageContaining("HTTP/x");
  }

  private Accepted accept(RequestCredentials credentials) throws Exception {
    var fields = new HashMap<String, String>();
    credentials.applyTo(fields::put);
    byte[] token =
        Base64.getDecoder().decode(fields.get("Authorization").substring("Negotiate ".length()));
    var owner = new KerberosPrincipal(ORDERS + "@SHOP.EXAMPLE");
    Set<?> keys = Set.of(KeyTab.getInstance(owner, keytab.toFile()));
    try {
      return Subject.doAs(
          new Subject(true, Set.of(owner), Set.of(), keys),
          (PrivilegedExceptionAction<Accepted>) () -> accept(token));
    } catch (PrivilegedActionException failed) {
      throw failed.getException();
    }
  }

  private static Accepted accept(byte[] token) throws GSSException {
    GSSContext context = GSSManager.getInstance().createContext((GSSCredential) null);
    byte[] proof = context.acceptSecContext(token, 0, token.length);
    String field = "Negotiate " + Base64.getEncoder().encodeToString(proof);
    return new Accepted(
        context.getSrcName().toString(), Map.of("WWW-Authenticate", List.of(field)));
  }
}
