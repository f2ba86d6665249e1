// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.jgss.JdkWitness;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our tokens before the JDK's acceptor, whose answers we judge. The krb5.conf of this JVM permits
 * two types.
 */
class InitiatorAndJdkTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"17, true", "18, true", "17, false", "18, false"})
  void bothSidesProveThemselves(int etype, boolean spnego) {
    KeytabEntry key = OrdersService.in(directory).key(etype);
    ForgedToken forged = new ForgedToken(key, Instant.now()).session(etype);
    Initiator alice = HeldTicket.initiator(forged.held(), Clock.systemUTC());
    Target target = spnego ? HeldTicket.ORDERS : HeldTicket.ORDERS.withoutSpnego();
    RequestCredentials mine = alice.credentialsFor(target);
    byte[] answer = new JdkWitness(key).answer(HeldTicket.token(mine)).orElseThrow();
    assertThat(mine.verifyReply(200, HeldTicket.fields(answer))).isInstanceOf(Reply.Complete.class);
  }
}
