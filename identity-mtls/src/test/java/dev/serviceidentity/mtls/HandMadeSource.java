// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A source such as a user would write, which does whatever a test tells it to. */
final class HandMadeSource implements SourceProvider, CertificateSource {
  static final Forged ROOT = Draft.authority("hand-made root").selfSigned();

  volatile Runnable onRead = () -> {};
  volatile Runnable onClose = () -> {};
  volatile Runnable onRegister = () -> {};
  volatile Set<Path> files = Set.of();
  final AtomicInteger closed = new AtomicInteger();
  private final Credential credential;

  HandMadeSource() {
    Forged leaf = Draft.leaf().signedBy(ROOT);
    credential =
        Credential.of(
            leaf.with(),
            leaf.keys().getPrivate(),
            List.of(TrustBundle.of("shop.example", ROOT.with())));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    return this;
  }

  @Override
  public Origin origin() {
    return new Origin("The vault's certificate", "the vault's key", "the vault's authorities");
  }

  @Override
  public Credential read() {
    onRead.run();
    return credential;
  }

  @Override
  public Set<Path> files() {
    return files;
  }

  @Override
  public void onChange(Runnable changed) {
    onRegister.run();
  }

  @Override
  public void close() {
    closed.incrementAndGet();
    onClose.run();
  }
}
