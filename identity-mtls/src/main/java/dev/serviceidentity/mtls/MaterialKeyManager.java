// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mtls.source.Credential;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the own certificate, whatever authorities the peer hints at: there is only this one.
 *
 * <p>A handshake asks for the alias, the key and the chain one after the other, and a rotation may
 * come between. The alias therefore names the generation, and a generation that was chosen stays
 * known while a handshake can last, so that key and chain are always a pair.
 */
final class MaterialKeyManager extends X509ExtendedKeyManager {
  /** These many stay known, and those of the last minute too, in reason. */
  private static final int FEW_GENERATIONS = 64;

  private static final int MOST_GENERATIONS = 4096;
  private static final long NO_GENERATION = -1;

  private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

  /** Chosen again within a second, nothing is written: all handshakes come through here. */
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  private record Chosen(Credential credential, Instant last) {}

  private final Supplier<Material> current;
  private final Clock clock;
  private final ConcurrentNavigableMap<Long, Chosen> chosen = new ConcurrentSkipListMap<>();

  MaterialKeyManager(Supplier<Material> current, Clock clock) {
    this.current = current;
    this.clock = clock;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Credential credential = credential(alias);
    return credential == null ? null : credential.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Credential credential = credential(alias);
    return credential == null ? null : credential.key();
  }

  /** Forgets the keys that were chosen. */
  void forget() {
    chosen.clear();
  }

  private String @Nullable [] aliases(String keyType) {
    String alias = choose(keyType);
    return alias == null ? null : new String[] {alias};
  }

  private @Nullable String choose(String... keyTypes) {
    Material material = current.get();
    if (!Arrays.asList(keyTypes).contains(material.credential().key().getAlgorithm())) {
      return null;
    }
    Instant now = clock.instant();
    Chosen before = chosen.get(material.generation());
    if (before == null || !now.isBefore(before.last().plus(ONE_SECOND))) {
      chosen.put(material.generation(), new Chosen(material.credential(), now));
      forgetOld(now.minus(ONE_MINUTE));
    }
    return Long.toString(material.generation());
  }

  private void forgetOld(Instant before) {
    Map.Entry<Long, Chosen> eldest = chosen.firstEntry();
    while (eldest != null
        && chosen.size() > FEW_GENERATIONS
        && (chosen.size() > MOST_GENERATIONS || eldest.getValue().last().isBefore(before))) {
      chosen.remove(eldest.getKey(), eldest.getValue());
      eldest = chosen.firstEntry();
    }
  }

  private @Nullable Credential credential(@Nullable String alias) {
    Chosen known = alias == null ? null : chosen.get(generation(alias));
    return known == null ? null : known.credential();
  }

  /** Aliases are asked for by TLS stacks that were given them above, and by curious ones. */
  private static long generation(String alias) {
    try {
      return Long.parseLong(alias);
    } catch (NumberFormatException notFromHere) {
      return NO_GENERATION;
    }
  }
}
