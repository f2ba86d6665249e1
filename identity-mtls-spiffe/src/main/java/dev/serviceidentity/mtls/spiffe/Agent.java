// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.CLOSED;

import dev.serviceidentity.identity.IdentityException;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The agent behind a Workload API, and the one thread on which all that it says is heard. Each
 * exchange has a connection of its own: an agent looks at who connects, and a connection that has
 * failed delays none that comes later.
 */
final class Agent implements AutoCloseable {
  /** What gRPC allows unless told otherwise; bundles of some hundred authorities. */
  static final int MOST_BYTES = 4 << 20;

  private static final int MOST_HEADER_BYTES = 8 << 10;
  private static final int LAST_WORDS_SECONDS = 2;

  private final WorkloadApi api;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, Agent::thread, NioIoHandler.newFactory());

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Touched on the thread of the agent alone. */
  private final Set<Exchange> open = new HashSet<>();

  Agent(WorkloadApi api) {
    this.api = api;
  }

  WorkloadApi api() {
    return api;
  }

  /**
   * Runs it on the thread of the agent.
   *
   * @throws IdentityException with code {@code CLOSED} after closing
   */
  void execute(Runnable work) {
    try {
      loop.execute(work);
    } catch (RejectedExecutionException e) {
      throw new IdentityException(CLOSED, "This identity was closed; open a new one", e);
    }
  }

  /** Runs it on the thread of the agent, later, unless this is closed until then. */
  ScheduledFuture<?> schedule(Duration pause, Runnable work) {
    return loop.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isClosed() {
    return closed.get();
  }

  /**
   * Asks once, for ten seconds at most.
   *
   * @throws IdentityException with code {@code CLOSED} after closing
   */
  void ask(ApiMethod method, byte[] request, Receiver receiver) {
    execute(() -> new Exchange(this, method, new FirstAnswer(receiver)).begin(request));
  }

  ManagedChannel connect() {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(api.address())
            .eventLoopGroup(loop)
            .directExecutor()
            .usePlaintext()
            .overrideAuthority("localhost")
            .proxyDetector(target -> null)
            .disableRetry()
            .disableServiceConfigLookUp()
            .maxInboundMessageSize(MOST_BYTES)
            .maxInboundMetadataSize(MOST_HEADER_BYTES);
    return (api.isUnix() ? unix(builder) : builder.channelFactory(NioSocketChannel::new)).build();
  }

  /** gRPC sets an option that such a socket does not have, and Netty warns at each connection. */
  private static NettyChannelBuilder unix(NettyChannelBuilder builder) {
    return builder
        .channelFactory(NioDomainSocketChannel::new)
        .withOption(ChannelOption.SO_KEEPALIVE, null);
  }

  void began(Exchange exchange) {
    open.add(exchange);
  }

  void ended(Exchange exchange) {
    open.remove(exchange);
  }

  /** Ends all exchanges and the thread. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      loop.execute(
          () -> List.copyOf(open).forEach(each -> each.cancel("This identity was closed")));
    }
    loop.shutdownGracefully(0, LAST_WORDS_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "identity-spiffe");
    thread.setDaemon(true);
    return thread;
  }

  /** The end behind an answer is no news. */
  private static final class FirstAnswer implements Exchange.Answers {
    private final Receiver receiver;
    private boolean answered;

    FirstAnswer(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void message(byte[] bytes) {
      receiver.received(bytes);
      answered = true;
    }

    @Override
    public void ended(IdentityException why) {
      if (!answered) {
        receiver.failed(why);
      }
    }
  }
}
