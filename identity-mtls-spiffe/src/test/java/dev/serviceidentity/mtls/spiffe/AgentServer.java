// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A Workload API on a real socket, by the stubs that java-spiffe has generated from the contract.
 * What it sends is set by the test, and sent to those who listen already too.
 */
final class AgentServer implements AutoCloseable {
  private final SocketAddress address;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Followers<Workload.X509SVIDResponse> svids = new Followers<>();
  private final Followers<Workload.JWTBundlesResponse> bundles = new Followers<>();
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final AtomicReference<Function<Workload.JWTSVIDRequest, Workload.JWTSVIDResponse>>
      tokens =
          new AtomicReference<>(
              request -> {
                throw Status.PERMISSION_DENIED.asRuntimeException();
              });
  private Server server;

  private AgentServer(SocketAddress address) {
    this.address = address;
  }

  static AgentServer at(Path socket) throws IOException {
    var agent = new AgentServer(UnixDomainSocketAddress.of(socket));
    agent.start();
    return agent;
  }

  static AgentServer onLoopback() throws IOException {
    var agent = new AgentServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    agent.start();
    return agent;
  }

  WorkloadApi api() {
    return address instanceof UnixDomainSocketAddress unix
        ? WorkloadApi.at("unix://" + unix.getPath())
        : WorkloadApi.at("tcp://127.0.0.1:" + server.getPort());
  }

  Followers<Workload.X509SVIDResponse> svids() {
    return svids;
  }

  Followers<Workload.JWTBundlesResponse> bundles() {
    return bundles;
  }

  void tokens(Function<Workload.JWTSVIDRequest, Workload.JWTSVIDResponse> answer) {
    tokens.set(answer);
  }

  /** The methods called since the last question, in order. */
  BlockingQueue<String> calls() {
    return calls;
  }

  void start() throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    if (unix) {
      Files.deleteIfExists(((UnixDomainSocketAddress) address).getPath());
    }
    server =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelFactory(unix ? NioServerDomainSocketChannel::new : NioServerSocketChannel::new)
            .directExecutor()
            .intercept(new SecurityHeader())
            .addService(new Api())
            .build()
            .start();
  }

  /** As when the agent is killed: connections end, and the socket file is gone. */
  void stop() throws Exception {
    server.shutdownNow();
    if (!server.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The server does not stop");
    }
    svids.forget();
    bundles.forget();
    if (address instanceof UnixDomainSocketAddress unix) {
      Files.deleteIfExists(unix.getPath());
    }
  }

  @Override
  public void close() throws Exception {
    stop();
    if (!loop.shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(30, TimeUnit.SECONDS)) {
      throw new AssertionError("The threads of the agent do not end");
    }
  }

  /** Who listens to a stream, and what they are told. */
  static final class Followers<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<StreamObserver<T>> listening = new ArrayList<>();
    private final Semaphore left = new Semaphore(0);
    private T update;
    private Status failure = Status.PERMISSION_DENIED;

    /** Sends it to all who listen, and to whoever comes. */
    void send(T next) {
      alone(
          () -> {
            update = next;
            failure = null;
            listening.forEach(stream -> stream.onNext(next));
          });
    }

    /** Says nothing to whoever comes. */
    void saySilence() {
      alone(() -> failure = null);
    }

    /** Ends all streams and those of whoever comes. */
    void fail(Status status) {
      alone(
          () -> {
            failure = status;
            listening.forEach(stream -> stream.onError(status.asRuntimeException()));
            listening.clear();
          });
    }

    /** Waits until somebody who listened has gone. */
    boolean awaitLeaving() throws InterruptedException {
      return left.tryAcquire(60, TimeUnit.SECONDS);
    }

    private void join(StreamObserver<T> stream) {
      ((ServerCallStreamObserver<T>) stream)
          .setOnCancelHandler(
              () -> {
                alone(() -> listening.remove(stream));
                left.release();
              });
      alone(
          () -> {
            if (failure != null) {
              stream.onError(failure.asRuntimeException());
              return;
            }
            listening.add(stream);
            if (update != null) {
              stream.onNext(update);
            }
          });
    }

    private void forget() {
      alone(listening::clear);
    }

    private void alone(Runnable work) {
      lock.lock();
      try {
        work.run();
      } finally {
        lock.unlock();
      }
    }
  }

  private final class Api extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase {
    @Override
    public void fetchX509SVID(
        Workload.X509SVIDRequest request, StreamObserver<Workload.X509SVIDResponse> stream) {
      svids.join(stream);
    }

    @Override
    public void fetchJWTBundles(
        Workload.JWTBundlesRequest request, StreamObserver<Workload.JWTBundlesResponse> stream) {
      bundles.join(stream);
    }

    @Override
    public void fetchJWTSVID(
        Workload.JWTSVIDRequest request, StreamObserver<Workload.JWTSVIDResponse> answer) {
      try {
        answer.onNext(tokens.get().apply(request));
        answer.onCompleted();
      } catch (RuntimeException refused) {
        answer.onError(refused);
      }
    }
  }

  /** The agent's own duty (Workload Endpoint, section 3). */
  private final class SecurityHeader implements ServerInterceptor {
    private static final Metadata.Key<String> KEY =
        Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      calls.add(call.getMethodDescriptor().getBareMethodName());
      if (!"true".equals(headers.get(KEY))) {
        call.close(
            Status.INVALID_ARGUMENT.withDescription("security header missing"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }
}
