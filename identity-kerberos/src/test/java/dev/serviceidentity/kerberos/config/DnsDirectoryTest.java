// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsDirectoryTest {
  private static final String NAME = "_kerberos._tcp.SHOP.EXAMPLE";
  private static final int SERVER_FAILURE = 2;

  private final AtomicLong nanos = new AtomicLong();
  private NameServer server;
  private KerberosConfig config;

  @BeforeEach
  void open() throws IOException {
    server = new NameServer();
    config = builder().build();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void kdcsOfARealmAreThoseOfItsRecordsByPriority() {
    server.has(NAME, "20 0 1088 kdc-3.shop.example", "0 0 88 kdc-1.shop.example", "10 5 88 kdc-2");
    assertThat(config.kdcs("SHOP.EXAMPLE"))
        .extracting(KdcAddress::toString)
        .containsExactly("kdc-1.shop.example:88", "kdc-2:88", "kdc-3.shop.example:1088");
  }

  @Test
  void amongThoseOfOnePriorityTheLotDecidesAndAWeightIsAShare() {
    server.has(NAME, "0 1 88 light", "0 98 88 heavy");
    int heavy = 0;
    for (int i = 0; i < 200; i++) {
      nanos.addAndGet(Duration.ofMinutes(6).toNanos());
      heavy += config.kdcs("SHOP.EXAMPLE").get(0).host().equals("heavy") ? 1 : 0;
    }
    assertThat(heavy).isBetween(180, 200);
  }

  @Test
  void whatTheConfigurationSaysItselfIsNotAskedFor() {
    server.has(NAME, "0 0 88 other");
    assertThat(builder().kdc("SHOP.EXAMPLE", "own").build().kdcs("SHOP.EXAMPLE"))
        .extracting(KdcAddress::host)
        .containsExactly("own");
    assertThat(server.asked()).isZero();
  }

  @Test
  void anAnswerIsKeptForFiveMinutes() {
    server.has(NAME, "0 0 88 old");
    config.kdcs("SHOP.EXAMPLE");
    server.has(NAME, "0 0 88 new");
    nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
    assertThat(config.kdcs("SHOP.EXAMPLE")).extracting(KdcAddress::host).containsExactly("old");
    assertThat(server.asked()).isOne();
    nanos.addAndGet(1);
    assertThat(config.kdcs("SHOP.EXAMPLE")).extracting(KdcAddress::host).containsExactly("new");
  }

  @Test
  void thatThereIsNoneIsKeptForHalfAMinute() {
    assertThat(config.kdcs("SHOP.EXAMPLE")).isEmpty();
    int asked = server.asked();
    assertThat(config.kdcs("SHOP.EXAMPLE")).isEmpty();
    assertThat(server.asked()).isEqualTo(asked);
    server.has(NAME, "0 0 88 new");
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(config.kdcs("SHOP.EXAMPLE")).hasSize(1);
  }

  @Test
  void theLastAnswerServesWhileDnsFails() {
    server.has(NAME, "0 0 88 old");
    config.kdcs("SHOP.EXAMPLE");
    server.fail(SERVER_FAILURE);
    nanos.addAndGet(Duration.ofMinutes(6).toNanos());
    assertThat(config.kdcs("SHOP.EXAMPLE")).extracting(KdcAddress::host).containsExactly("old");
  }

  @Test
  void manyNamesOfOthersKeepNoRealmFromBeingRemembered() {
    for (int i = 0; i < 100; i++) {
      config.kdcs("R" + i);
    }
    server.has(NAME, "0 0 88 own");
    config.kdcs("SHOP.EXAMPLE");
    for (int i = 0; i < 100; i++) {
      config.kdcs("S" + i);
    }
    int asked = server.asked();
    assertThat(config.kdcs("SHOP.EXAMPLE")).hasSize(1);
    assertThat(server.asked()).isEqualTo(asked);
  }

  @Test
  void aDomainThatSaysItHasNoKdcHasNone() {
    server.has(NAME, "0 0 0 .");
    assertThat(config.kdcs("SHOP.EXAMPLE")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A/B", "A B", ".A", "A..B", "A\\B", "\u00c4"})
  void whatIsNoDomainIsNotAskedFor(String realm) {
    assertThat(config.kdcs(realm)).isEmpty();
    assertThat(server.asked()).isZero();
  }

  @Test
  void dnsIsNotAskedUnlessSaid() {
    assertThat(KerberosConfig.builder().build().kdcs("SHOP.EXAMPLE")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 0 88", "0 0 x k", "0 0 99999 k", "0 0 88 k k", "0 0 88 k\u0000"})
  void whatIsNoRecordIsNone(String text) {
    assertThat(SrvRecord.parse(text)).isEmpty();
  }

  private KerberosConfig.Builder builder() {
    var query = new SrvQuery(server.url());
    return KerberosConfig.builder().dns(new DnsDirectory(query, nanos::get, new Random(7)));
  }
}
