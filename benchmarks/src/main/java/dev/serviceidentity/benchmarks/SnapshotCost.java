// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.mtls.BareRotation;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.PemFiles;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.spi.OwnedRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What a new generation costs, from the PEM files to a context that connections are made by, and
 * its parts; beside another library, which is given the parsed certificate.
 */
public final class SnapshotCost {
  private static final int WARM_UP = 1_000;
  private static final int TURNS = 1_000;

  /** More than certificates are kept by the JDK's factory, which would not parse them again. */
  private static final int CERTIFICATES = 800;

  private SnapshotCost() {}

  /**
   * Measures and prints.
   *
   * @param args none
   * @throws Exception if the files cannot be written
   */
  public static void main(String[] args) throws Exception {
    try (var world = new TlsWorld();
        var runtime =
            OwnedRuntime.start(Clock.systemUTC(), r -> {}, Set.of(), Duration.ofSeconds(10))) {
      var sources = new ArrayList<CertificateSource>();
      var context = new SourceContext(TlsWorld.DOMAIN, runtime.runtime(), new Random(1));
      for (int i = 0; i < CERTIFICATES; i++) {
        world.issue("orders").writeTo(world.files("orders-" + i));
        sources.add(PemFiles.directory(world.files("orders-" + i)).open(context));
      }
      measure(world, new TakingTurns(sources));
    }
  }

  private static void measure(TlsWorld world, TakingTurns source) throws Exception {
    Credential credential = source.read();
    TlsWorld.Reloading ayza = world.reloadingAyza();
    try (var rotation = new BareRotation(source, TlsWorld.DOMAIN)) {
      new Turns(1)
          .add("from the files to a context", () -> rotation.build() != null)
          .add("of this, reading and parsing", () -> rotation.read() != null)
          .add("of this, checking certificate and key", () -> check(rotation, credential))
          .add("the same, and afterwards what peers will say", () -> rotation.refresh() > 1)
          .add("ayza, from the parsed certificate", () -> ayza.reload(credential))
          .take(WARM_UP, TURNS)
          .print("a new generation");
    }
  }

  private static boolean check(BareRotation rotation, Credential credential) {
    rotation.check(credential);
    return true;
  }

  /** Another certificate at each reading. */
  private static final class TakingTurns implements CertificateSource {
    private final List<CertificateSource> sources;
    private int next;

    TakingTurns(List<CertificateSource> sources) {
      this.sources = sources;
    }

    @Override
    public Origin origin() {
      return sources.get(0).origin();
    }

    @Override
    public Credential read() {
      return sources.get(++next % sources.size()).read();
    }
  }
}
