// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.kdc.DeafPort;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The realms of the one krb5.conf of this JVM, which all test classes share: the file is written
 * once, before anybody logs in, where the build has told the JVM to look for it.
 */
public final class TestRealms implements AutoCloseable {
  public static final String SHOP = "SHOP.EXAMPLE";
  static final String MORTAL = "MORTAL.EXAMPLE";
  static final String DEAD = "DEAD.EXAMPLE";
  static final String UNKNOWN = "UNKNOWN.EXAMPLE";

  /** Gives the realms to tests that ask for them. */
  public static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestRealms.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(TestRealms.class, key -> new TestRealms(), TestRealms.class);
    }
  }

  private final EmbeddedKdc shop = EmbeddedKdc.start(SHOP);
  private final EmbeddedKdc mortal = EmbeddedKdc.start(MORTAL);

  private final DeafPort dead = DeafPort.any();

  private TestRealms() {
    String file =
        """
        [libdefaults]
        default_realm = %s
        udp_preference_limit = 1
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        kdc_timeout = 30000
        max_retries = 1
        permitted_enctypes = aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96
        [realms]
        %s%s%s = {
          kdc = %s
        }
        """
            .formatted(SHOP, shop.realmBlock(), mortal.realmBlock(), DEAD, dead.address());
    try {
      Files.writeString(Path.of(System.getProperty("java.security.krb5.conf")), file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Stays up until all tests have run. */
  public EmbeddedKdc shop() {
    return shop;
  }

  /** For the one test that lets it die. */
  EmbeddedKdc mortal() {
    return mortal;
  }

  /** Adds a principal to the shop and writes its keytab. */
  public Path keytab(Path directory, String name) {
    shop.principal(name);
    return shop.keytab(directory.resolve(name.replace('/', '-') + ".keytab"), name);
  }

  public static KerberosIdentityBuilder builder(String name, Path keytab) {
    return inRealm(SHOP, name, keytab);
  }

  static KerberosIdentityBuilder inRealm(String realm, String name, Path keytab) {
    return KerberosIdentity.builder()
        .principal(name + "@" + realm)
        .keytab(keytab)
        .krb5Conf(Path.of(System.getProperty("java.security.krb5.conf")))
        .openTimeout(Duration.ofMinutes(1));
  }

  /** One AES-128 key of zeros under kvno 1. */
  public static byte[] keytabOf(String name, String realm) {
    byte[] entry =
        Der.join(
            Der.bytes("0001"),
            counted(realm),
            counted(name),
            Der.bytes("00000001 00000001 01 0011 0010" + "00".repeat(16)));
    return Der.join(Der.bytes("0502 0000 00" + String.format("%02x", entry.length)), entry);
  }

  private static byte[] counted(String text) {
    return Der.join(new byte[] {0, (byte) text.length()}, text.getBytes(StandardCharsets.US_ASCII));
  }

  public static CallerEvidence evidence(RequestCredentials credentials) {
    var fields = new HashMap<String, List<String>>();
    credentials.applyTo((name, value) -> fields.put(name, List.of(value)));
    return connection().headers(fields);
  }

  public static CallerEvidence connection() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return CallerEvidence.of(
        new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 8080));
  }

  @Override
  public void close() {
    shop.close();
    mortal.close();
    dead.close();
  }
}
