// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** MIT's own programs against the embedded KDC; skipped by name where they are not installed. */
@Execution(ExecutionMode.CONCURRENT)
class MitClientInteropTest {
  private static final Pattern TIMES =
      Pattern.compile("([0-9/]{8} [0-9:]{8}) +([0-9/]{8} [0-9:]{8}) +krbtgt/");
  private static final TicketLife HOUR = TicketLife.of(Duration.ofHours(1));

  @TempDir Path directory;

  private record Outcome(int status, String text) {}

  @BeforeAll
  static void requirePrograms() {
    for (String program : new String[] {"kinit", "kvno", "klist"}) {
      boolean there =
          Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
      assumeTrue(there, program + " is missing; install the package krb5-user");
    }
  }

  @Test
  void aTrustedRealmGetsTicketsForServicesOfTheOther() throws Exception {
    try (var shop = EmbeddedKdc.start("SHOP.EXAMPLE");
        var partner = EmbeddedKdc.start("PARTNER.EXAMPLE")) {
      shop.trust(partner);
      shop.principal("HTTP/orders.shop");
      login(partner, "alice");
      Outcome asked = run(partner, "kvno", "HTTP/orders.shop@SHOP.EXAMPLE");
      assertThat(asked).isEqualTo(new Outcome(0, "HTTP/orders.shop@SHOP.EXAMPLE: kvno = 1\n"));
      assertThat(run(partner, "klist").text()).contains("krbtgt/SHOP.EXAMPLE@PARTNER.EXAMPLE");
    }
  }

  @Test
  void trustIsOneWay() throws Exception {
    try (var shop = EmbeddedKdc.start("SHOP.EXAMPLE");
        var partner = EmbeddedKdc.start("PARTNER.EXAMPLE")) {
      shop.trust(partner);
      partner.principal("HTTP/stock.partner");
      login(shop, "bob");
      assertThat(run(shop, "kvno", "HTTP/stock.partner@PARTNER.EXAMPLE").status()).isNotZero();
    }
  }

  @Test
  void aTicketOfOursIsOneForTheKdcToo() throws Exception {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("HTTP/orders.shop");
      kdc.principal("web");
      kdc.ticket(cache(), "web", HOUR.renewableFor(Duration.ofHours(5)));
      assertThat(run(kdc, "kvno", "HTTP/orders.shop@SHOP.EXAMPLE").status()).isZero();
      assertThat(run(kdc, "klist", "-f").text()).contains("web@SHOP.EXAMPLE", "Flags: RIA");
    }
  }

  @Test
  void anExpiredTicketIsNoneForTheKdc() throws Exception {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("HTTP/orders.shop");
      kdc.principal("web");
      kdc.ticket(cache(), "web", HOUR, Instant.now().minus(Duration.ofHours(2)));
      Outcome asked = run(kdc, "kvno", "HTTP/orders.shop@SHOP.EXAMPLE");
      assertThat(asked.status()).isNotZero();
      assertThat(asked.text()).containsIgnoringCase("expired");
    }
  }

  @Test
  void aRequestForALongerLifeGetsTheLongestThereIs() throws Exception {
    var longest = TicketLife.of(Duration.ofSeconds(90));
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE", longest)) {
      kdc.principal("web");
      Path keytab = kdc.keytab(directory.resolve("web.keytab"), "web");
      run(kdc, "kinit", "-l", "8h", "-k", "-t", keytab.toString(), "web@SHOP.EXAMPLE");
      Outcome listed = run(kdc, "klist");
      Matcher times = TIMES.matcher(listed.text());
      assertThat(times.find()).describedAs(listed.text()).isTrue();
      assertThat(Duration.between(time(times.group(1)), time(times.group(2))))
          .isEqualTo(Duration.ofSeconds(90));
    }
  }

  @RepeatedTest(8)
  void manyTestsAtOnceUseOneRealmNameWithoutTouchingEachOther() throws Exception {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("HTTP/orders.shop");
      login(kdc, "web");
      assertThat(run(kdc, "kvno", "HTTP/orders.shop@SHOP.EXAMPLE").status()).isZero();
    }
  }

  private static LocalDateTime time(String text) {
    return LocalDateTime.parse(text, DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss"));
  }

  private void login(EmbeddedKdc kdc, String name) throws IOException, InterruptedException {
    String principal = kdc.principal(name);
    Path keytab = kdc.keytab(directory.resolve(name + ".keytab"), name);
    assertThat(run(kdc, "kinit", "-k", "-t", keytab.toString(), principal))
        .isEqualTo(new Outcome(0, ""));
  }

  private Path cache() {
    return directory.resolve("ccache");
  }

  private Outcome run(EmbeddedKdc kdc, String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KRB5_CONFIG", kdc.krb5Conf().toString());
    builder.environment().put("KRB5CCNAME", "FILE:" + cache());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }
}
