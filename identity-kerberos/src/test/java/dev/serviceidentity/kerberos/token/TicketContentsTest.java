// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our reading of opened tickets and authenticators beside that of another library. */
class TicketContentsTest {
  private static final ProtocolKey KEY = ForgedMic.key(18, new byte[32]);

  @TempDir Path directory;

  @Test
  void bothReadTheSame() throws KrbException, RefusedTokenException {
    byte[] plain = plain();
    EncTicketPart theirs = KrbCodec.decode(plain, EncTicketPart.class);
    TicketContents ours = TicketContents.read(plain, KEY);
    assertThat(ours.client().decode().components()).isEqualTo(theirs.getCname().getNameStrings());
    assertThat(ours.client().decode().realm()).isEqualTo(theirs.getCrealm());
    assertThat(ours.session().bytes()).isEqualTo(theirs.getKey().getKeyData());
    assertThat(ours.expiresAt().toEpochMilli()).isEqualTo(theirs.getEndTime().getTime());
    assertThat(ours.authenticatedAt().toEpochMilli()).isEqualTo(theirs.getAuthTime().getTime());
    assertThat(ours.validity().flags()).isEqualTo(theirs.getFlags().getFlags());
    assertThat(ours.toString()).doesNotContain("7, 7");
  }

  @Test
  void randomChangesAreReadOrRefusedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of opened tickets: " + seed);
    var random = new Random(seed);
    byte[] genuine = plain();
    for (int round = 0; round < 50_000; round++) {
      byte[] changed = Arrays.copyOf(genuine, genuine.length - random.nextInt(3));
      for (int i = random.nextInt(4); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        TicketContents.read(changed, KEY);
        Authenticator.read(changed, KEY);
      } catch (RefusedTokenException refused) {
        assertThat(refused.detail()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  private byte[] plain() {
    ForgedToken token = OrdersService.in(directory).token().client("web", "shop");
    token.ticketFlags(0x40a80000);
    return Der.tlv(0x63, token.contents.der());
  }
}
