// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Krb5ConfTest {
  private static final String USUAL =
      """
      # The shop.
      [libdefaults]
        default_realm = SHOP.EXAMPLE
        kdc_timeout = 2s
        ticket_lifetime = 10h
      ; KDCs
      [realms]
        SHOP.EXAMPLE = {
          kdc = kdc-1.shop.example
          kdc = kdc-2.shop.example:1088
          kdc = [fd00::1]:1089
          admin_server = kdc-1.shop.example
          master_kdc = kdc-1.shop.example
          primary_kdc = kdc-1.shop.example
          auth_to_local_names = {
            web = nobody
          }
        }
      [domain_realm]
        .shop.example = SHOP.EXAMPLE
        partner.example = PARTNER.EXAMPLE
        crash.partner.example = SHOP.EXAMPLE
      [capaths]
        SHOP.EXAMPLE = {
          PARTNER.EXAMPLE = .
          FAR.EXAMPLE = PARTNER.EXAMPLE
          FAR.EXAMPLE = BRIDGE.EXAMPLE
        }
      [logging]
        kdc = FILE:/var/log/kdc.log
      """;

  @TempDir Path directory;

  @Test
  void aUsualFileIsReadWithoutAWarning() throws IOException {
    Krb5Conf read = read(USUAL);
    KerberosConfig config = read.config();
    assertThat(read.warnings()).isEmpty();
    assertThat(config.defaultRealm()).contains("SHOP.EXAMPLE");
    assertThat(config.kdcTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.ticketLifetime()).contains(Duration.ofHours(10));
    assertThat(config.kdcs("SHOP.EXAMPLE"))
        .extracting(KdcAddress::toString)
        .containsExactly("kdc-1.shop.example:88", "kdc-2.shop.example:1088", "[fd00::1]:1089");
    assertThat(config.kdcs("shop.example")).isEmpty();
  }

  @Test
  void theNearestDomainDecidesAndAHostStandsForItsDomainToo() throws IOException {
    KerberosConfig config = read(USUAL).config();
    assertThat(config.realmOf("Orders.Shop.Example")).contains("SHOP.EXAMPLE");
    assertThat(config.realmOf("shop.example")).isEmpty();
    assertThat(config.realmOf("partner.example")).contains("PARTNER.EXAMPLE");
    assertThat(config.realmOf("a.b.partner.example")).contains("PARTNER.EXAMPLE");
    assertThat(config.realmOf("crash.partner.example")).contains("SHOP.EXAMPLE");
    assertThat(config.realmOf("elsewhere.example")).isEmpty();
  }

  @Test
  void aDomainThatIsSaidItselfIsNotThatOfItsHost() throws IOException {
    KerberosConfig config = read("[domain_realm]\nb.test = HOST\n.b.test = DOMAIN\n").config();
    assertThat(config.realmOf("b.test")).contains("HOST");
    assertThat(config.realmOf("a.b.test")).contains("DOMAIN");
  }

  @Test
  void pathsBetweenRealmsKeepTheirOrder() throws IOException {
    KerberosConfig config = read(USUAL).config();
    assertThat(config.path("SHOP.EXAMPLE", "PARTNER.EXAMPLE")).contains(List.of());
    assertThat(config.path("SHOP.EXAMPLE", "FAR.EXAMPLE"))
        .contains(List.of("PARTNER.EXAMPLE", "BRIDGE.EXAMPLE"));
    assertThat(config.path("SHOP.EXAMPLE", "OTHER.EXAMPLE")).isEmpty();
    assertThat(config.path("PARTNER.EXAMPLE", "SHOP.EXAMPLE")).isEmpty();
  }

  @Test
  void marksOfFinalityAreReadAndChangeNothing() throws IOException {
    Krb5Conf read =
        read(
            "[libdefaults]*\ndefault_realm* = A\n[realms]\nA* = {\nkdc = k1\n}\nB = {\nkdc = k2\n}*\n"
                + "A = {\nkdc = k3\n}\n");
    assertThat(read.config().defaultRealm()).contains("A");
    assertThat(read.config().kdcs("A")).extracting(KdcAddress::host).containsExactly("k1", "k3");
    assertThat(read.config().kdcs("B")).hasSize(1);
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void ofASettingThatIsSaidTwiceTheFirstStandsAndTheOtherIsToldWithItsLine() throws IOException {
    Krb5Conf read = read("[libdefaults]\ndefault_realm = A\ndefault_realm = B\n");
    assertThat(read.config().defaultRealm()).contains("A");
    assertThat(read.warnings()).singleElement().asString().contains(":3: ", ":2 says stands");
  }

  @ParameterizedTest
  @CsvSource({
    "default_realm = \"A\", A",
    "default_realm=A, A",
    "default_realm = \"A\" # ours, A",
    "default_realm = \"A\\tB, ",
  })
  void valuesMayBeQuoted(String line, String realm) throws IOException {
    if (realm == null) {
      fails("[libdefaults]\n" + line, "line 2", "is not a realm");
    } else {
      assertThat(read("[libdefaults]\n" + line).config().defaultRealm()).contains(realm);
    }
  }

  @Test
  void aBraceMayStandOnTheNextLineAndLinesMayEndLikeThoseOfWindows() throws IOException {
    Krb5Conf read = read("[realms]\r\nA =\r\n{\r\nkdc = k\r\n}\r\n");
    assertThat(read.config().kdcs("A")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "allow_weak_crypto = true, never used",
    "forwardable = yes, not forwarded",
    "dns_canonicalize_hostname = true, as they are said",
    "dns_canonicalize_hostname = fallback, as they are said",
    "rdns = on, as they are said",
    "noaddresses = false, no addresses",
    "udp_preference_limit = 1465, over TCP",
    "clockskew = 600, clockSkew(...)",
    "permitted_enctypes = aes256-cts, 17 to 20",
    "default_keytab_name = FILE:/k, told its keytab",
    "kdc_timesync = 0, is followed"
  })
  void aSettingThatChangesNothingIsNotedWithItsPlace(String line, String why) throws IOException {
    Krb5Conf read = read("[libdefaults]\n\n" + line);
    assertThat(read.warnings()).isEmpty();
    assertThat(read.notes())
        .singleElement()
        .asString()
        .startsWith(file() + ":3: ")
        .contains("'" + line + "'", why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow_weak_crypto = false",
        "forwardable = no",
        "dns_canonicalize_hostname = FALSE",
        "rdns = 0",
        "dns_lookup_realm = false",
        "noaddresses = true",
        "udp_preference_limit = 1",
        "clockskew = 300",
        "ccache_type = 4",
        "pkinit_anchors = FILE:/x",
        "spake_preauth_groups = edwards25519"
      })
  void aSettingThatAsksForWhatHappensAnywayIsNotTold(String line) throws IOException {
    Krb5Conf read = read("[libdefaults]\n" + line);
    assertThat(read.warnings()).isEmpty();
    assertThat(read.notes()).isEmpty();
  }

  @Test
  void aSettingThatIsUnknownIsWarnedOfWithItsPlace() throws IOException {
    Krb5Conf read = read("[libdefaults]\n\nmadeup = 1\n");
    assertThat(read.warnings())
        .containsExactly(file() + ":3: the setting 'madeup = 1' is not known");
    assertThat(read.notes()).isEmpty();
  }

  @Test
  void theFileThatDebianInstallsIsReadWithoutAWarning() throws IOException {
    Krb5Conf read =
        read(
            """
            [libdefaults]
            \tdefault_realm = SHOP.EXAMPLE
            # The following krb5.conf variables are only for MIT Kerberos.
            \tkdc_timesync = 1
            \tccache_type = 4
            \tforwardable = true
            \tproxiable = true
            \trdns = false
            # The following libdefaults parameters are only for Heimdal Kerberos.
            \tfcc-mit-ticketflags = true
            [realms]
            """);
    assertThat(read.warnings()).isEmpty();
    assertThat(read.notes()).hasSize(2).allMatch(note -> note.contains(" changes nothing: "));
  }

  @ParameterizedTest
  @CsvSource({
    "kdc = https://kdc.example/KdcProxy, over TCP alone",
    "kdc = tcp/kdc.example, over TCP alone",
    "kdc = UNIX:/run/kdc, over TCP alone",
    "disable_encrypted_timestamp = true, encrypted timestamp",
    "kdc_timeout = 3000, in [libdefaults]",
    "madeup = 1, is not known"
  })
  void aSettingOfARealmThatChangesNothingIsToldWithItsPlace(String line, String why)
      throws IOException {
    Krb5Conf read = read("[realms]\nA = {\n" + line + "\n}\n");
    assertThat(Stream.concat(read.warnings().stream(), read.notes().stream()))
        .singleElement()
        .asString()
        .contains(file() + ":3: ", why);
    assertThat(read.config().kdcs("A")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "[realms]|A = { kdc = k }, 2, several lines",
    "[capaths]|A = B, 2, several lines",
    "[madeup]|a = b, 1, is not known",
    "words|[libdefaults], 1, before the first",
    "' [libdefaults]|default_realm = A', 1, before the first",
    "[libdefaults]|A = {|forwardable = true|}, 2, for all realms",
    "[domain_realm]|A = {|}, 2, no meaning",
    "[realms]|A = {|B = {|}|}, 3, is not known",
    "[realms]|A = {|} A, 3, is not read"
  })
  void whatIsNotReadIsToldWithItsPlace(String text, int line, String why) throws IOException {
    assertThat(read(text.replace('|', '\n')).warnings())
        .first()
        .asString()
        .startsWith(file() + ":" + line + ": ")
        .contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "[libdefaults|, 1, is not a section",
    "[libdefaults] x, 1, is not a section",
    "[a]|}, 2, closes nothing",
    "[a]|b, 2, not of the form name = value",
    "[a]|b c = d, 2, not of the form name = value",
    "[a]|= d, 2, not of the form name = value",
    "'[a]| include /x', 2, not of the form name = value",
    "[a]|b =|c = d, 3, neither a value nor a block",
    "[a]|b =, 2, neither a value nor a block",
    "[a]|b = {|c = d, 3, ends within the block of 'b'",
    "[a]|b = {|[c], 3, begins within the block of 'b'",
    "[a]|b = { # why|}, 2, behind its {",
    "[a]|b =|{ c, 3, behind its {",
    "module m:r|[a], 1, a module of MIT",
    "include relative, 1, not an absolute path",
    "[a]|a={|a={|a={|a={|a={|a={|a={|a={|a={, 10, more than 8 blocks",
    "[libdefaults]|default_realm = A # ours, 2, is not a realm",
    "[libdefaults]|dns_lookup_kdc = perhaps, 2, neither true nor false",
    "[libdefaults]|ticket_lifetime = 1 d, 2, is not a duration",
    "[libdefaults]|ticket_lifetime = 0, 2, is no life",
    "[libdefaults]|kdc_timeout = 3, 2, write 3s",
    "[realms]|A = {|kdc = host:port|}, 3, is not a KDC",
    "[realms]|A = {|kdc = host:88 # first|}, 3, is not a KDC",
    "[realms]|A = {|kdc = host:99999|}, 3, is not a KDC",
    "[domain_realm]|a.test = A B, 2, is not a realm"
  })
  void whatCannotBeReadIsAnErrorWithItsPlaceAndTheCure(String text, int line, String problem)
      throws IOException {
    fails(text.replace('|', '\n'), file() + ", line " + line + ": ", problem);
  }

  @Test
  void filesAreIncludedAtTheBeginningOfALineWithSectionsOfTheirOwn() throws IOException {
    Path more = Files.writeString(directory.resolve("more"), "[realms]\nA = {\nkdc = k1\n}\n");
    Krb5Conf read = read("[realms]\nA = {\ninclude " + more + "\nkdc = k2\n}\n");
    assertThat(read.config().kdcs("A")).extracting(KdcAddress::host).containsExactly("k1", "k2");
  }

  @Test
  void ofADirectoryTheFilesAreIncludedWhoseNamesFollowMitsRule() throws IOException {
    Path included = Files.createDirectory(directory.resolve("conf.d"));
    for (String name : List.of("b-1_", "a.conf", ".c.conf", "d.rpmsave", "e~", "f.conf.bak", "g")) {
      Files.writeString(
          included.resolve(name), "[realms]\nA = {\nkdc = host-" + name.charAt(0) + "\n}\n");
    }
    Files.createDirectory(included.resolve("h"));
    assertThat(read("includedir " + included + "\n").config().kdcs("A"))
        .extracting(KdcAddress::host)
        .containsExactly("host-a", "host-b", "host-g");
  }

  @Test
  void warningsAndErrorsOfAnIncludedFileNameIt() throws IOException {
    Path more = Files.writeString(directory.resolve("more"), "[libdefaults]\nmadeup = 1\n");
    assertThat(read("include " + more).warnings())
        .singleElement()
        .asString()
        .startsWith(more + ":2: ");
    Files.writeString(more, "}");
    Files.writeString(more, "[a]\n}");
    fails("include " + more, more + ", line 2: ");
  }

  @Test
  void aMissingFileIsNamedWithWhoIncludesIt() throws IOException {
    Path missing = directory.resolve("missing");
    fails("\ninclude " + missing, missing + ", which " + file() + ":2 includes, does not exist");
    fails("includedir " + missing, missing.toString(), "does not exist");
    assertThatThrownBy(() -> Krb5Conf.read(missing))
        .isInstanceOf(IdentityException.class)
        .hasMessage(
            "The krb5.conf " + missing + " does not exist. Check the path and that it is mounted.");
  }

  @Test
  void aFileThatIncludesItselfIsNamed() throws IOException {
    Path more = directory.resolve("more");
    Files.writeString(more, "include " + file());
    fails("include " + more, "includes itself");
  }

  @Test
  void filesAreIncludedTenDeepAndNoDeeper() throws IOException {
    for (int i = 1; i <= 10; i++) {
      Files.writeString(
          directory.resolve("f" + i), i == 10 ? "" : "include " + directory.resolve("f" + (i + 1)));
    }
    assertThat(read("include " + directory.resolve("f1")).warnings()).isEmpty();
    Path eleventh = Files.writeString(directory.resolve("f11"), "");
    Files.writeString(directory.resolve("f10"), "include " + eleventh);
    fails("include " + directory.resolve("f1"), "one include too many");
  }

  @Test
  void noMoreThan256FilesAreRead() throws IOException {
    Path more = Files.writeString(directory.resolve("more"), "");
    assertThat(read(("include " + more + "\n").repeat(255)).warnings()).isEmpty();
    fails(("include " + more + "\n").repeat(256), "one include too many");
  }

  @Test
  void aHugeFileAndADeviceAreNotRead() throws IOException {
    fails("#".repeat((1 << 20) + 1), "larger than 1 MiB");
    fails("include /dev/zero", "is not a file");
    fails("include " + directory, "is not a file");
  }

  @Test
  void randomChangesGiveAConfigurationOrAnErrorAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random krb5.confs: " + seed);
    var random = new Random(seed);
    String marks = "[]{}=*\"\\#;\n\r \t.:/-\u0000\u00e90aA";
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder(USUAL.substring(0, random.nextInt(USUAL.length())));
      for (int i = random.nextInt(5); i > 0 && !text.isEmpty(); i--) {
        text.setCharAt(random.nextInt(text.length()), marks.charAt(random.nextInt(marks.length())));
      }
      try {
        assertThat(Krb5Conf.parse(file(), text.toString()).config())
            .as("seed %d", seed)
            .isNotNull();
      } catch (IdentityException wrong) {
        assertThat(wrong.code()).as("seed %d", seed).isEqualTo(Code.CONFIGURATION);
        assertThat(wrong.getMessage()).as("seed %d", seed).contains(file().toString(), "line ");
      }
    }
  }

  private void fails(String text, String... words) throws IOException {
    Files.writeString(file(), text);
    assertThatThrownBy(() -> Krb5Conf.read(file()))
        .isInstanceOfSatisfying(
            IdentityException.class,
            thrown -> assertThat(thrown.code()).isEqualTo(Code.CONFIGURATION))
        .hasMessageContainingAll(words);
  }

  private Krb5Conf read(String text) throws IOException {
    return Krb5Conf.read(Files.writeString(file(), text));
  }

  private Path file() {
    return directory.resolve("krb5.conf");
  }
}
